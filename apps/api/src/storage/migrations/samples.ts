import type { Migration } from './index.js';

/** The schema of the samples' own file. Times are REAL since nothing forces them to be whole; SQLite stores whole ones as integers. */
export const samplesMigrations: readonly Migration[] = [
  {
    name: '001-storage-blocks',
    sql: `
      CREATE TABLE series (
        ref INTEGER PRIMARY KEY,
        source TEXT NOT NULL,
        labels TEXT NOT NULL
      ) STRICT;
      CREATE TABLE blocks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        start_ms REAL NOT NULL,
        end_ms REAL NOT NULL,
        first_ref INTEGER NOT NULL,
        last_ref INTEGER NOT NULL,
        directory BLOB NOT NULL,
        data BLOB NOT NULL
      ) STRICT;
      CREATE INDEX blocks_by_time ON blocks (end_ms, start_ms, first_ref, last_ref);
      CREATE TABLE tombstones (
        ref INTEGER NOT NULL,
        start_ms REAL NOT NULL,
        end_ms REAL NOT NULL,
        through_block INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE metadata (
        metric TEXT PRIMARY KEY,
        type TEXT NOT NULL,
        help TEXT NOT NULL,
        unit TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE counters (
        name TEXT PRIMARY KEY,
        value INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
];
