import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expandGlob } from './glob.js';

describe('expandGlob', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'opsroom-glob-'));
    mkdirSync(join(folder, 'team-a'));
    mkdirSync(join(folder, 'team-b'));
    for (const file of ['one.yml', 'two.yml', 'a+b.yaml', 'team-a/x.yml', 'team-b/y.yml'])
      writeFileSync(join(folder, file), '');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['*.yml', ['one.yml', 'two.yml']],
    ['t?o.yml', ['two.yml']],
    ['[no]*.yml', ['one.yml']],
    ['[^o]*.yml', ['two.yml']],
    ['team-*/*.yml', ['team-a/x.yml', 'team-b/y.yml']],
    ['a+*.yaml', ['a+b.yaml']],
    ['none-*.yml', []],
    ['missing.yml', ['missing.yml']],
    ['team-a', ['team-a']],
    ['team-?', []],
  ])('%s', (pattern, names) => {
    expect(expandGlob(join(folder, pattern))).toEqual(names.map((name) => join(folder, name)));
  });
});
