import type { Database } from './database.js';
import type { Migration } from './migrations/index.js';
import { StorageError } from './storage-error.js';

/** A database that can run a script of several statements, as a migration is. */
export interface MigratableDatabase extends Pick<Database, 'statement' | 'transaction'> {
  exec(sql: string): void;
}

/**
 * Applies, in order, the migrations that the database has not had, each in a transaction of its own with the note that it was
 * applied. Throws `StorageError` if the database had one that this version does not know, since a newer version wrote it, or
 * if one fails; the database is then as the last whole migration left it.
 */
export function migrate(database: MigratableDatabase, migrations: readonly Migration[], path: string): void {
  database.exec(
    'CREATE TABLE IF NOT EXISTS migrations (position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT',
  );
  const applied = new Set(
    database
      .statement('SELECT name FROM migrations')
      .all()
      .map((row) => String(row.name)),
  );
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = [...applied].filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new StorageError(
      `${path}: was written by a newer version of Opsroom (it had the schema change "${unknown[0]}", which this version does not know); ` +
        'start that version again, or choose another folder with --data',
    );
  }
  for (const migration of migrations) {
    if (applied.has(migration.name)) continue;
    try {
      database.transaction(() => {
        database.exec(migration.sql);
        database.statement('INSERT INTO migrations (name) VALUES (?)').run(migration.name);
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StorageError(`${path}: the schema change "${migration.name}" failed and was undone: ${reason}`, {
        cause: error,
      });
    }
  }
}
