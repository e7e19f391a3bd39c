import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expandGlob } from './rule-globs.js';

describe('a glob', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'globs-'));
    for (const file of ['a.yml', 'b.yml', 'c.yaml', 'x/a.yml', 'y/a.yml', 'y.d/b.yml']) {
      mkdirSync(join(root, file, '..'), { recursive: true });
      writeFileSync(join(root, file), '');
    }
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it.each<[string, string[]]>([
    ['*.yml', ['a.yml', 'b.yml']],
    ['[bc].y*', ['b.yml', 'c.yaml']],
    ['[^a].yml', ['b.yml']],
    ['?/a.yml', ['x/a.yml', 'y/a.yml']],
    ['*/*.yml', ['x/a.yml', 'y.d/b.yml', 'y/a.yml']],
    ['none*.yml', []],
    ['missing.yml', ['missing.yml']],
  ])('%s', (pattern, files) => {
    expect(expandGlob(join(root, pattern)).map((path) => path.slice(root.length + 1))).toEqual(files);
  });
});
