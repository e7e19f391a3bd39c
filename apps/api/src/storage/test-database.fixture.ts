import { migrations, type Migration } from './migrations/index.js';
import { SqliteDatabase } from './sqlite-database.js';

/** A database in memory with the whole schema, for tests. */
export function openTestDatabase(schema: readonly Migration[] = migrations): SqliteDatabase {
  return SqliteDatabase.open(':memory:', { migrations: schema, synchronous: 'full' });
}
