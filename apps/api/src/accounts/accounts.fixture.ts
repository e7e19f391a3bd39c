import { Test } from '@nestjs/testing';
import { type ConfigOverrides, testConfig } from '../config/config.fixture.js';
import { ConfigModule } from '../config/config.module.js';
import { Clock } from '../model/clock.js';
import { ManualClock } from '../model/manual-clock.fixture.js';
import { ModelModule } from '../model/model.module.js';
import { DataFolder } from '../storage/data-folder.js';
import { Database } from '../storage/database.js';
import { Store } from '../storage/store.js';
import { openTestDatabase } from '../storage/test-database.fixture.js';
import { AccountsModule } from './accounts.module.js';
import { AccountsService } from './accounts.service.js';
import { AdministrationService } from './administration.service.js';
import { type LoginPlace, SessionsService } from './sessions.service.js';

export const somewhere: LoginPlace = { address: '192.0.2.1', userAgent: 'test', device: undefined };
export const PASSWORD = 'correct horse';

/** The accounts over a database in memory and a clock that stands still. */
export async function openAccounts(config: ConfigOverrides = {}) {
  const clock = new ManualClock();
  const database = openTestDatabase();
  const module = await Test.createTestingModule({
    imports: [ConfigModule.forRoot(testConfig(config)), ModelModule, AccountsModule],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .overrideProvider(DataFolder)
    .useValue({ close: () => undefined })
    .overrideProvider(Database)
    .useValue(database)
    .overrideProvider(Store)
    .useValue({})
    .compile();
  await module.init();
  const sessions = module.get(SessionsService);
  return {
    clock,
    database,
    module,
    accounts: module.get(AccountsService),
    administration: module.get(AdministrationService),
    sessions,
    /** Makes the first administrator, `ana`, with `PASSWORD`. */
    setUp: (place: LoginPlace = somewhere) => {
      const link = new URL(sessions.setupLink('http://localhost/') ?? '');
      return sessions.setup(link.searchParams.get('token') ?? '', 'ana', PASSWORD, place);
    },
  };
}
