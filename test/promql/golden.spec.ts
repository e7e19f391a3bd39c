import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseScript, runCase } from './script.fixture.js';

const scripts = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test'));

describe.each(scripts)('%s', (name) => {
  const cases = parseScript(readFileSync(join(import.meta.dirname, name), 'utf8'));
  it.each(cases.map((test) => [test.line, test.expr, test] as const))('line %i: %s', (_line, _expr, test) => {
    expect(runCase(test)).toBeUndefined();
  });
});
