/** The data folder cannot be used. The message says what is wrong, where, and what to do instead; it is meant for the terminal. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
}

/** What a failing file operation means to the person who started the server; `path` is what was touched. */
export function describeFileError(error: unknown, path: string): string {
  if (error instanceof StorageError) return error.message;
  const code = errorCode(error);
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `${path}: no permission to write here; give this user the folder, or choose another with --data`;
    case 'EROFS':
      return `${path}: the file system is read-only; choose a folder that can be written with --data`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `${path}: the disk is full; free some space, or choose a folder on another disk with --data`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${path}: is a file where a folder is needed; choose another folder with --data`;
    case 'EMFILE':
    case 'ENFILE':
      return `${path}: too many open files; raise the limit (ulimit -n) and start again`;
    case 'EIO':
      return `${path}: the disk reports an error; check its health, or choose a folder on another disk with --data`;
    default:
      return `${path}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Primary result codes of SQLite, from https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** The same for an error of SQLite. */
export function describeSqliteError(error: unknown, path: string): string {
  if (error instanceof StorageError) return error.message;
  switch (sqliteCode(error)) {
    case SQLITE_BUSY:
      return `${path}: another process holds this database; stop it, or choose another folder with --data`;
    case SQLITE_READONLY:
      return `${path}: cannot be written; give this user the file and its folder, or choose another with --data`;
    case SQLITE_IOERR:
      return `${path}: the disk reports an error or is full; check it, or choose a folder on another disk with --data`;
    case SQLITE_FULL:
      return `${path}: the disk is full; free some space, or choose a folder on another disk with --data`;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return `${path}: is damaged or is not a database; put a backup in its place, or move it away to start without what it held`;
    case SQLITE_CANTOPEN:
      return `${path}: cannot be opened; check that the folder exists and that this user may write there`;
    default:
      return `${path}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The primary result code of an SQLite error; undefined for any other error. */
export function sqliteCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

function errorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
