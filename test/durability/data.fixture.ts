import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { SystemClock } from '../../apps/api/src/model/clock.js';
import { SqliteDatabase } from '../../apps/api/src/storage/sqlite-database.js';
import { defaultTsdbOptions, TsdbStore } from '../../apps/api/src/storage/tsdb-store.js';

export const SERIES = 50;
export const STEP_MS = 1000;

/** Both databases and the log of one folder, with segments and blocks so small that a kill meets all of their work. */
export function openAll(folder: string): { database: SqliteDatabase; store: TsdbStore } {
  mkdirSync(folder, { recursive: true });
  const migrations = [{ name: '001-acts', sql: 'CREATE TABLE acts (number INTEGER PRIMARY KEY) STRICT' }];
  const database = SqliteDatabase.open(join(folder, 'opsroom.db'), { migrations, synchronous: 'full' });
  const store = TsdbStore.open(
    {
      databaseFile: join(folder, 'samples.db'),
      logFolder: join(folder, 'log'),
      retentionMs: 0,
      retentionBytes: 0,
      outOfOrderWindowMs: 0,
      futureToleranceMs: Infinity,
      maxSeriesPerSource: 1000,
      maxWaitingBytes: 64 * 1024 * 1024,
      segmentBytes: 32 * 1024,
      seal: { ...defaultTsdbOptions.seal, samples: 30, maxBlockSamples: 300, maxSegments: 2, headMs: 60_000 },
    },
    new SystemClock(),
  );
  return { database, store };
}
