import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { createMatcher } from '@opsroom/promql';
import { OpsroomConfig } from '../config/config.js';
import { Clock } from '../model/clock.js';
import { ManualClock } from '../model/manual-clock.fixture.js';
import { Database } from './database.js';
import { StorageModule } from './storage.module.js';
import { Store } from './store.js';
import { labels, put, read } from './test-store.fixture.js';

describe('the storage module', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'opsroom-module-'));
  });
  afterEach(() => {
    rmSync(dataDir, { recursive: true });
  });

  function boot(): Promise<TestingModule> {
    const config = {
      process: { dataDir },
      storage: {
        retentionMs: 0,
        retentionBytes: 0,
        outOfOrderWindowMs: 0,
        futureToleranceMs: 600_000,
        fsyncIntervalMs: 1000,
        maxSeriesPerSource: 1000,
      },
    };
    @Global()
    @Module({
      providers: [
        { provide: OpsroomConfig, useValue: config },
        { provide: Clock, useValue: new ManualClock() },
      ],
      exports: [OpsroomConfig, Clock],
    })
    class Surroundings {}
    return Test.createTestingModule({ imports: [Surroundings, StorageModule] }).compile();
  }

  it('gives out the database and the store, and has everything again after an orderly end', async () => {
    const first = await boot();
    await first.init();
    first.get(Database).statement('CREATE TABLE notes (text TEXT)').run();
    put(first.get(Store), labels('cpu'), [[1000, 1]]);
    await first.close();

    const second = await boot();
    expect(second.get(Database).statement('SELECT count(*) AS notes FROM notes').get()).toEqual({ notes: 0 });
    const selected = second.get(Store).select([createMatcher('__name__', '=', 'cpu')], 0, 2000);
    expect([...selected].map(read)).toEqual([[[1000, 1]]]);
    await second.close();
  });

  it('does not start on a folder that another one uses', async () => {
    const first = await boot();
    await expect(boot()).rejects.toThrow(/another Opsroom \(process \d+\) uses this data folder/);
    await first.close();
  });

  it.each(['opsroom.db', 'samples.db'])('does not start on a damaged %s, and says what to do', async (file) => {
    writeFileSync(join(dataDir, file), 'x'.repeat(10_000));
    await expect(boot()).rejects.toThrow(`${join(dataDir, file)}: is damaged or is not a database; put a backup`);
  });
});
