/**
 * The embedded database behind one interface: `node:sqlite` where the runtime has it, its drop-in elsewhere. Synchronous, as
 * SQLite is; WAL with synchronous = FULL, so that what a committed transaction wrote survives a kill.
 */
export abstract class Database {
  /** Prepares once and caches by text. */
  abstract statement(sql: string): Statement;
  /** Runs `work` in one transaction: all of it is durable when this returns, or nothing if it throws. Nested calls join the outer one. */
  abstract transaction<T>(work: () => T): T;
  abstract close(): void;
}

export type SqlValue = string | number | bigint | Uint8Array | null;
export type Row = Readonly<Record<string, SqlValue>>;

export interface Statement {
  run(...parameters: SqlValue[]): { changes: number; lastInsertRowid: number };
  get(...parameters: SqlValue[]): Row | undefined;
  all(...parameters: SqlValue[]): Row[];
}
