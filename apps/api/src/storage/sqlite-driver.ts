import { createRequire } from 'node:module';

/** What Opsroom uses of `node:sqlite`; its drop-in has the same face. */
export interface DriverDatabase {
  exec(sql: string): void;
  prepare(sql: string): DriverStatement;
  close(): void;
}

export interface DriverStatement {
  run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  get(...parameters: unknown[]): unknown;
  all(...parameters: unknown[]): unknown[];
}

interface Driver {
  DatabaseSync: new (path: string) => DriverDatabase;
}

/** Opens a database file with `node:sqlite` where this runtime has it (Node 22.13 and later), else with its drop-in. */
export function openDriver(path: string): DriverDatabase {
  const { DatabaseSync } = loadDriver();
  return new DatabaseSync(path);
}

let driver: Driver | undefined;

function loadDriver(): Driver {
  driver ??= builtIn() ?? (createRequire(import.meta.url)('@photostructure/sqlite') as Driver);
  return driver;
}

function builtIn(): Driver | undefined {
  // The declarations of Node 20 do not know this module; the runtime says whether it is there.
  const load = process.getBuiltinModule as ((id: string) => unknown) | undefined;
  return load?.('node:sqlite') as Driver | undefined;
}
