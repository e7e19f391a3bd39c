import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrations, type Migration } from './migrations/index.js';
import { SqliteDatabase } from './sqlite-database.js';
import { StorageError } from './storage-error.js';
import { openTestDatabase } from './test-database.fixture.js';

const people: Migration = {
  name: '001-people',
  sql: 'CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT',
};
const teams: Migration = {
  name: '002-teams',
  sql: `CREATE TABLE teams (id INTEGER PRIMARY KEY, lead INTEGER REFERENCES people (id));
        INSERT INTO people (name) VALUES ('first')`,
};

describe('the embedded database', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opsroom-database-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const open = (list: readonly Migration[]): SqliteDatabase =>
    SqliteDatabase.open(join(folder, 'a.db'), { migrations: list, synchronous: 'full' });
  const names = (database: SqliteDatabase): unknown[] =>
    database
      .statement('SELECT name FROM people ORDER BY id')
      .all()
      .map((row) => row.name);

  it('runs with a write-ahead log, full synchronisation and foreign keys', () => {
    const database = open([people, teams]);
    expect(database.statement('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(database.statement('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(() => database.statement('INSERT INTO teams (lead) VALUES (99)').run()).toThrow(/FOREIGN KEY/);
    database.close();
  });

  it('applies each migration once, also those that come between known ones later', () => {
    open([people]).close();
    open([people, teams]).close();
    const again = open([people, teams]);
    expect(names(again)).toEqual(['first']);
    again.close();
  });

  it('refuses a database that a newer version has changed', () => {
    open([people, teams]).close();
    expect(() => open([people])).toThrow(StorageError);
    expect(() => open([people])).toThrow(/newer version of Opsroom.*"002-teams"/);
  });

  it('undoes a migration that fails in the middle', () => {
    const broken: Migration = {
      name: '002-broken',
      sql: `INSERT INTO people (name) VALUES ('half'); SELECT no_such_function()`,
    };
    expect(() => open([people, broken])).toThrow(/a\.db: the schema change "002-broken" failed and was undone/);
    const database = open([people]);
    expect(names(database)).toEqual([]);
    database.close();
  });

  it('says what to do about a file that is not a database', () => {
    writeFileSync(join(folder, 'a.db'), 'these are not the bytes of a database, whatever its name says'.repeat(100));
    expect(() => open([people])).toThrow(/a\.db: is damaged or is not a database; put a backup/);
  });

  it('keeps nothing of a transaction that throws', () => {
    const database = openTestDatabase([people]);
    expect(() =>
      database.transaction(() => {
        database.statement('INSERT INTO people (name) VALUES (?)').run('ada');
        throw new Error('changed my mind');
      }),
    ).toThrow('changed my mind');
    expect(names(database)).toEqual([]);
    database.close();
  });

  it('lets a nested transaction join the outer one, and undoes it alone where the outer one goes on', () => {
    const database = openTestDatabase([people]);
    const insert = database.statement('INSERT INTO people (name) VALUES (?)');
    database.transaction(() => {
      insert.run('ada');
      database.transaction(() => insert.run('grace'));
      expect(() =>
        database.transaction(() => {
          insert.run('nobody');
          insert.run('ada');
        }),
      ).toThrow(/UNIQUE/);
    });
    expect(names(database)).toEqual(['ada', 'grace']);
    database.close();
  });

  it('refuses a transaction whose work goes on after its return', () => {
    const database = openTestDatabase([people]);
    expect(() => database.transaction(() => Promise.resolve(1))).toThrow(/synchronous/);
    database.close();
  });

  it.each([
    [true, /Parameter 1 is true; bind 1 or 0 instead/],
    [undefined, /Parameter 1 is undefined; bind null instead/],
    [{ a: 1 }, /Parameter 1 is of type object; bind text/],
  ])('refuses to bind %p', (value, message) => {
    const database = openTestDatabase([people]);
    const wrong = value as unknown as string;
    expect(() => database.statement('SELECT ? AS x').get(wrong)).toThrow(message);
    expect(() => database.statement('SELECT ? AS x').all(wrong)).toThrow(TypeError);
    expect(() => database.statement('INSERT INTO people (name) VALUES (?)').run(wrong)).toThrow(TypeError);
    database.close();
  });

  it('gives back what was bound', () => {
    const database = openTestDatabase([]);
    const statement = database.statement('SELECT ? AS text, ? AS number, ? AS nil, ? AS bytes');
    expect(statement.get('snow ☃', 1.5, null, Uint8Array.of(0, 255))).toEqual({
      text: 'snow ☃',
      number: 1.5,
      nil: null,
      bytes: Uint8Array.of(0, 255),
    });
    database.close();
  });

  it('has its migrations in the order of their names, each name once', () => {
    const listed = migrations.map((migration) => migration.name);
    expect(listed).toEqual([...new Set(listed)].sort());
  });
});
