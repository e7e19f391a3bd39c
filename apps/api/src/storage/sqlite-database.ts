import { Database, type Row, type SqlValue, type Statement } from './database.js';
import { migrate } from './migrate.js';
import type { Migration } from './migrations/index.js';
import { type DriverDatabase, type DriverStatement, openDriver } from './sqlite-driver.js';
import { describeSqliteError, StorageError } from './storage-error.js';

export interface SqliteOptions {
  readonly migrations: readonly Migration[];
  /**
   * `full`: what a committed transaction wrote survives a power cut. `normal`: it survives the process's end, and a power cut
   * only once the write-ahead log was synced, which the caller then sees to.
   */
  readonly synchronous: 'full' | 'normal';
  /** Statements to run before the first table is made, such as a page size. */
  readonly pragmas?: string;
}

/** Statements whose texts were built at run time must not pile up. */
const MAX_CACHED_STATEMENTS = 500;

/**
 * In: SQL from the other folders. Out: rows. Owns: one connection to one SQLite file (WAL, foreign keys on), its prepared
 * statements and the transaction that is open on it.
 */
export class SqliteDatabase extends Database {
  private readonly statements = new Map<string, CheckedStatement>();
  private depth = 0;

  private constructor(
    private readonly driver: DriverDatabase,
    readonly path: string,
  ) {
    super();
  }

  /** Opens or makes the file and brings its schema up to date. Throws `StorageError` if it cannot be used. */
  static open(path: string, options: SqliteOptions): SqliteDatabase {
    let database: SqliteDatabase | undefined;
    try {
      database = new SqliteDatabase(openDriver(path), path);
      database.driver.exec(options.pragmas ?? '');
      database.driver.exec(`
        PRAGMA busy_timeout = 2000;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = ${options.synchronous === 'full' ? 'FULL' : 'NORMAL'};
        PRAGMA foreign_keys = ON;
        PRAGMA trusted_schema = OFF;
      `);
      migrate(database, options.migrations, path);
      return database;
    } catch (error) {
      database?.close();
      throw error instanceof StorageError
        ? error
        : new StorageError(describeSqliteError(error, path), { cause: error });
    }
  }

  /** Runs statements that take no parameters and give no rows. */
  exec(sql: string): void {
    this.driver.exec(sql);
  }

  statement(sql: string): Statement {
    let statement = this.statements.get(sql);
    if (!statement) {
      if (this.statements.size >= MAX_CACHED_STATEMENTS) this.statements.clear();
      statement = new CheckedStatement(this.driver.prepare(sql), sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }

  transaction<T>(work: () => T): T {
    const savepoint = `nested_${this.depth}`;
    this.driver.exec(this.depth === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT ${savepoint}`);
    this.depth++;
    try {
      const result = work();
      if (result instanceof Promise)
        throw new TypeError('A transaction is synchronous: its work must not return a promise');
      this.driver.exec(this.depth === 1 ? 'COMMIT' : `RELEASE ${savepoint}`);
      return result;
    } catch (error) {
      this.rollBack(savepoint);
      throw error;
    } finally {
      this.depth--;
    }
  }

  close(): void {
    this.statements.clear();
    this.driver.close();
  }

  private rollBack(savepoint: string): void {
    try {
      this.driver.exec(this.depth === 1 ? 'ROLLBACK' : `ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`);
    } catch {
      // SQLite has already rolled back by itself (disk full, I/O error); the first error is the one to report.
    }
  }
}

class CheckedStatement implements Statement {
  constructor(
    private readonly statement: DriverStatement,
    private readonly sql: string,
  ) {}

  run(...parameters: SqlValue[]): { changes: number; lastInsertRowid: number } {
    this.check(parameters);
    const { changes, lastInsertRowid } = this.statement.run(...parameters);
    return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
  }

  get(...parameters: SqlValue[]): Row | undefined {
    this.check(parameters);
    return this.statement.get(...parameters) as Row | undefined;
  }

  all(...parameters: SqlValue[]): Row[] {
    this.check(parameters);
    return this.statement.all(...parameters) as Row[];
  }

  /** The drivers disagree on booleans (one binds 1, others throw or abort), so all of them are refused here alike. */
  private check(parameters: readonly unknown[]): void {
    for (let i = 0; i < parameters.length; i++) {
      const value = parameters[i];
      const type = typeof value;
      if (type === 'string' || type === 'number' || type === 'bigint' || value === null || value instanceof Uint8Array)
        continue;
      const instead =
        type === 'boolean' ? 'bind 1 or 0' : value === undefined ? 'bind null' : 'bind text, a number or bytes';
      const what = typeof value === 'boolean' ? String(value) : value === undefined ? 'undefined' : `of type ${type}`;
      throw new TypeError(`Parameter ${i + 1} is ${what}; ${instead} instead, in: ${this.sql.trim()}`);
    }
  }
}
