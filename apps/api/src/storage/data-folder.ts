import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DriverDatabase, openDriver } from './sqlite-driver.js';
import { describeFileError, describeSqliteError, sqliteCode, StorageError } from './storage-error.js';

const SQLITE_BUSY = 5;

/**
 * In: the path of `--data`. Out: where each file is. Owns: the lock that keeps a second process out of the folder. The lock is
 * an exclusive transaction on an empty SQLite file: the operating system drops it with the process, however that ends.
 */
export class DataFolder {
  private constructor(
    readonly path: string,
    private readonly lock: DriverDatabase,
  ) {}

  /** Makes the folder if it is missing, checks that it can be written, and locks it. Throws `StorageError`. */
  static open(path: string): DataFolder {
    try {
      makeFolder(path);
      if (!statSync(path).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
      const probe = join(path, '.probe');
      writeFileSync(probe, 'x'.repeat(4096), { flush: true });
      rmSync(probe);
    } catch (error) {
      throw new StorageError(describeFileError(error, path), { cause: error });
    }
    const lock = lockFolder(path);
    try {
      writeFileSync(join(path, 'pid'), `${process.pid}\n`);
    } catch (error) {
      lock.close();
      throw new StorageError(describeFileError(error, path), { cause: error });
    }
    return new DataFolder(path, lock);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  close(): void {
    rmSync(this.file('pid'), { force: true });
    this.lock.close();
  }
}

/** Node's own recursive form never ends where a folder that exists takes no new one and says ENOENT, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (!existsSync(dirname(path))) makeFolder(dirname(path));
  mkdirSync(path);
}

function lockFolder(path: string): DriverDatabase {
  const file = join(path, 'lock');
  let lock: DriverDatabase | undefined;
  try {
    lock = openDriver(file);
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
    return lock;
  } catch (error) {
    lock?.close();
    if (sqliteCode(error) !== SQLITE_BUSY) throw new StorageError(describeSqliteError(error, file), { cause: error });
    throw new StorageError(
      `${path}: another Opsroom${holder(path)} uses this data folder; stop it, or choose another folder with --data`,
      { cause: error },
    );
  }
}

function holder(path: string): string {
  try {
    return ` (process ${readFileSync(join(path, 'pid'), 'utf8').trim()})`;
  } catch {
    return '';
  }
}
