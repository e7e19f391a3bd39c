import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolder } from './data-folder.js';
import { describeFileError, describeSqliteError } from './storage-error.js';

describe('the data folder', () => {
  let base: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'opsroom-folder-'));
  });
  afterEach(() => {
    rmSync(base, { recursive: true });
  });

  it('is made with its parents', () => {
    const folder = DataFolder.open(join(base, 'a', 'b'));
    expect(folder.file('x.db')).toBe(join(base, 'a', 'b', 'x.db'));
    folder.close();
  });

  it('keeps a second user out and names the process that has it', () => {
    const first = DataFolder.open(base);
    expect(() => DataFolder.open(base)).toThrow(
      `${base}: another Opsroom (process ${process.pid}) uses this data folder; stop it, or choose another folder with --data`,
    );
    first.close();
    DataFolder.open(base).close();
  });

  it('refuses a file where a folder is needed', () => {
    const file = join(base, 'file');
    writeFileSync(file, '');
    expect(() => DataFolder.open(file)).toThrow(`${file}: is a file where a folder is needed`);
    expect(() => DataFolder.open(join(file, 'below'))).toThrow('is a file where a folder is needed');
  });

  it('does not wait for ever on a folder that takes no new ones', () => {
    expect(() => DataFolder.open('/proc/opsroom')).toThrow('/proc/opsroom');
  });

  it.each([
    ['EACCES', 'no permission to write here'],
    ['EROFS', 'the file system is read-only'],
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', 'the disk is full'],
    ['EMFILE', 'too many open files'],
    ['EIO', 'the disk reports an error'],
  ])('says of %s that %s', (code, text) => {
    expect(describeFileError(Object.assign(new Error('failed'), { code }), '/data')).toContain(`/data: ${text}`);
  });

  it.each([
    [5, 'another process holds this database'],
    [8, 'cannot be written'],
    [10, 'the disk reports an error or is full'],
    [11, 'is damaged or is not a database'],
    [13, 'the disk is full'],
    [14, 'cannot be opened'],
    [26, 'is damaged or is not a database'],
    [522, 'the disk reports an error or is full'],
  ])('says of result %i of SQLite that %s', (errcode, text) => {
    expect(describeSqliteError(Object.assign(new Error('failed'), { errcode }), '/data/a.db')).toContain(
      `/data/a.db: ${text}`,
    );
  });
});
