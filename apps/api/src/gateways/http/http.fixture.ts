import type { InjectOptions } from 'fastify';
import type { ModuleMetadata } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { type ConfigOverrides, testConfig } from '../../config/config.fixture.js';
import { ConfigModule } from '../../config/config.module.js';
import { Clock } from '../../model/clock.js';
import { ManualClock } from '../../model/manual-clock.fixture.js';
import { ModelModule } from '../../model/model.module.js';
import { DataFolder } from '../../storage/data-folder.js';
import { Database } from '../../storage/database.js';
import { Store } from '../../storage/store.js';
import { openTestDatabase } from '../../storage/test-database.fixture.js';
import { SessionsService } from '../../accounts/sessions.service.js';
import { configureHttp, createHttpAdapter } from './configure-http.js';
import { HttpModule } from './http.module.js';

interface Options {
  readonly config?: ConfigOverrides;
  readonly imports?: ModuleMetadata['imports'];
  readonly controllers?: ModuleMetadata['controllers'];
  readonly providers?: ModuleMetadata['providers'];
  readonly pageFolder?: string;
  /** In place of the store on disk. */
  readonly store?: Store;
  /** Other stand-ins: what is injected, and what is given instead. */
  readonly overrides?: readonly (readonly [token: unknown, value: unknown])[];
}

/** The HTTP side over a database in memory, as main.ts puts it together. */
export async function openHttp(options: Options = {}) {
  const config = testConfig(options.config);
  const clock = new ManualClock();
  const builder = Test.createTestingModule({
    imports: [ConfigModule.forRoot(config), ModelModule, HttpModule, ...(options.imports ?? [])],
    controllers: options.controllers ?? [],
    providers: options.providers ?? [],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .overrideProvider(DataFolder)
    .useValue({ close: () => undefined })
    .overrideProvider(Database)
    .useValue(openTestDatabase())
    .overrideProvider(Store)
    .useValue(options.store ?? { health: () => ({ writable: true, problem: '' }) });
  for (const [token, value] of options.overrides ?? []) builder.overrideProvider(token).useValue(value);
  const module = await builder.compile();
  const app = module.createNestApplication<NestFastifyApplication>(createHttpAdapter(config));
  app.useLogger(false);
  configureHttp(app, { pageFolder: options.pageFolder ?? '/nonexistent' });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return {
    app,
    clock,
    inject: (request: InjectOptions) => app.inject(request),
    setupToken: () => new URL(app.get(SessionsService).setupLink('http://x/') ?? '').searchParams.get('token') ?? '',
  };
}

/** `name=value` of each cookie that an answer sets, for the next request's header. */
export const cookiesOf = (response: { headers: { readonly 'set-cookie'?: string | string[] } }): string =>
  [response.headers['set-cookie'] ?? []]
    .flat()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
