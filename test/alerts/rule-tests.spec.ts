import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeRuleTestFiles } from '../../apps/api/src/rules/test-rules/node-files.js';
import { junitXml } from '../../apps/api/src/rules/test-rules/junit-xml.js';
import { type RuleTestOptions, testRules } from '../../apps/api/src/rules/test-rules/test-rules.js';

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
    const printed = { out, err, exitCode };
    // What promtool 2.42 printed is kept beside the files; where it is at hand it must still print that.
    const kept = readFileSync(join(folder, name.replace('.yml', '.txt')), 'utf8');
    expect(`exit ${exitCode}\n${out}${err}`).toBe(kept);
    expect(promtool(name) ?? printed).toEqual(printed);
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

  describe('with switches', () => {
    const TESTS = `
evaluation_interval: 30s
rule_files: [r.yml]
tests:
- name: first
  interval: 10s
  input_series: [{series: 'x{host="a"}', values: '0+1x12'}]
  alert_rule_test:
  - {eval_time: 1m, alertname: High, exp_alerts: [{exp_labels: {host: b, severity: page}}]}
  promql_expr_test:
  - {expr: 'count_over_time(x[1m:])', eval_time: 2m, exp_samples: [{labels: '{host="a"}', value: 2}]}
- name: second
- alert_rule_test: [{eval_time: 5m}]
`;
    const RULES = `
groups:
- name: g
  rules:
  - {alert: High, expr: x > 1, labels: {severity: page}, annotations: {summary: much}, team: db}
`;
    const rulesOnly = {
      read: (path: string) => (path === 't.yml' ? TESTS : RULES),
      glob: (pattern: string) => [pattern],
    };
    const run = (options: RuleTestOptions) =>
      testRules(['t.yml'], rulesOnly, { ignoreUnknownFields: true, ...options });

    it('refuses rules with fields that are not known unless they are to be passed over', () => {
      const { err, suites } = run({ ignoreUnknownFields: false });
      expect(err.match(/unknown field "team"/g)).toHaveLength(3);
      expect(suites[0].cases.map(({ failures }) => failures.length)).toEqual([1, 1, 1]);
    });

    it('runs the groups that are asked for', () => {
      const { suites, exitCode } = run({ runs: (name) => name === 'second' });
      expect({ exitCode, cases: suites[0].cases }).toEqual({ exitCode: 0, cases: [{ name: 'second', failures: [] }] });
    });

    it('shows what differs, and takes subqueries at the interval of evaluations', () => {
      const { err } = run({ diff: true, runs: (name) => name === 'first' });
      expect(err.split('\n').map((line) => line.trimEnd())).toEqual([
        '  FAILED:',
        '    name: first,',
        '    alertname: High, time: 1m,',
        '        diff:',
        '              alert:',
        '                labels:',
        '                  alertname="High"',
        '            -     host="b"',
        '            +     host="a"',
        '                  severity="page"',
        '                annotations:',
        '            +     summary="much"',
        '',
      ]);
    });

    it('dumps all series', () => {
      const { err } = run({ debug: true, runs: (name) => name === 'first' });
      expect(err).toMatch(/^DEBUG: Starting test first\nDEBUG: Dump of all data \(input_series and rules\) at 2m1s:\n/);
      expect(err).toContain('\nx{host="a"} =>\n0 @[0]\n1 @[10000]\n');
      expect(err).toContain(
        'ALERTS{alertname="High", alertstate="firing", host="a", severity="page"} =>\n1 @[30000]\n',
      );
      expect(err).toMatch(/\nDEBUG: Test first finished, took [\d.]+ms\n {2}FAILED:\n/);
    });

    it('writes what JUnit’s readers read', () => {
      const xml = junitXml(run({}).suites, 0);
      expect(xml).toMatch(
        /^<testsuites><testsuite name="t.yml" tests="3" failures="2" errors="0" skipped="0" timestamp="1970-01-01T00:00:00">/,
      );
      expect(xml).toContain('<testcase name="second"></testcase><testcase name="unnamed#2"><failure>an item under');
      expect(xml).toContain('host=&#34;a&#34;');
      const broken = junitXml(testRules(['t.yml'], { ...rulesOnly, read: () => 'tests: 1' }).suites, 0);
      expect(broken).toMatch(/errors="1" .*<testcase name="unknown"><error>yaml: /);
    });
  });
});
