import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeRuleTestFiles } from '../../apps/api/src/rules/test-rules/node-files.js';
import { testRules } from '../../apps/api/src/rules/test-rules/test-rules.js';

const folder = join(import.meta.dirname, 'rule-tests');
const files = {
  read: (path: string) => nodeRuleTestFiles.read(join(folder, path)),
  glob: (pattern: string) => nodeRuleTestFiles.glob(join(folder, pattern)).map((path) => path.slice(folder.length + 1)),
};
/** Where promtool is at hand, what it says; undefined otherwise. */
function promtool(name: string): { out: string; err: string; exitCode: number | null } | undefined {
  const run = spawnSync('promtool', ['test', 'rules', name], { cwd: folder, encoding: 'utf8' });
  return run.error ? undefined : { out: run.stdout, err: run.stderr, exitCode: run.status };
}

describe('unit tests for rules', () => {
  it.each(['passing.yml', 'failing.yml'])('%s prints and exits as promtool does', (name) => {
    const result = testRules([name], files);
    const { out, err, exitCode } = result;
    // What promtool 2.42 printed is kept beside the files; where it is at hand it must still print that.
    const kept = readFileSync(join(folder, name.replace('.yml', '.txt')), 'utf8');
    expect(`exit ${exitCode}\n${out}${err}`).toBe(kept);
    expect(promtool(name) ?? result).toEqual(result);
  });

  it('says what is wrong with a file and with its rules', () => {
    const read = (path: string): string => {
      if (path === 'a.yml') return 'rule_files: [b.yml]\ntest: []\n';
      if (path === 'c.yml') return 'rule_files: [b.yml]\n';
      return 'groups:\n- name: g\n  rules:\n  - alert: A\n    expr: rat(x)\n';
    };
    const { err, exitCode } = testRules(['a.yml', 'c.yml'], { read, glob: (pattern) => [pattern] });
    expect(exitCode).toBe(1);
    expect(err).toContain('  line 2: field test is not known here');
    expect(err).toContain('b.yml:5: unknown function "rat"; did you mean "rate"?');
  });
});
