import { parseRuleFile } from './parse-rule-file.js';

const defaults = { intervalMs: 60_000, queryOffsetMs: 0, experimental: false };
const parse = (text: string) => parseRuleFile('rules/api.yml', text, defaults);
const problems = (rule: string, group = '') => parse(`groups:\n- name: g\n${group}  rules:\n${rule}`).problems;

describe('a rule file', () => {
  it('gives its groups with defaults filled in', () => {
    const { groups, problems: none } = parse(`
groups:
- name: api
  interval: 1s
  limit: 10
  query_offset: 30s
  labels: {team: web, severity: low}
  rules:
  - record: job:up:sum
    expr: sum by (job) (up)
  - alert: Down
    expr: up == 0
    for: 1m30s
    keep_firing_for: 5m
    labels: {severity: page}
    annotations:
      summary: "{{ $labels.instance }} is down"
- name: empty
`);
    expect(none).toEqual([]);
    expect(groups).toHaveLength(2);
    expect(groups[0]).toMatchObject({ name: 'api', intervalMs: 1_000, limit: 10, queryOffsetMs: 30_000 });
    expect(groups[0].rules).toMatchObject([
      { kind: 'recording', name: 'job:up:sum', labels: { team: 'web', severity: 'low' } },
      {
        kind: 'alerting',
        id: 'rules/api.yml;api;alerting;Down;0',
        forMs: 90_000,
        keepFiringForMs: 300_000,
        labels: { team: 'web', severity: 'page' },
        onNodata: 'resolve',
        onError: 'keep',
      },
    ]);
    expect(groups[1]).toMatchObject({ name: 'empty', intervalMs: 60_000, rules: [] });
  });

  it.each<[string, string]>([
    ['  - alert: A\n    expr: rat(x[5m]) > 1', 'rules/api.yml:5: unknown function "rat"'],
    ['  - alert: A\n    expr: |\n      up\n      and rat(x)', 'rules/api.yml:7: unknown function "rat"'],
    ['  - alert: A\n    expr: up ==', 'rules/api.yml:5:'],
    ['  - alert: A', "rules/api.yml:4: field 'expr' must be set in a rule"],
    ['  - expr: up', "rules/api.yml:4: one of 'record' or 'alert' must be set"],
    ['  - alert: A\n    record: b\n    expr: up', "only one of 'record' and 'alert' may be set"],
    ['  - record: a\n    expr: up\n    for: 1m', "rules/api.yml:6: invalid field 'for' in a recording rule"],
    ['  - alert: A\n    exp: up', 'rules/api.yml:5: unknown field "exp" in a rule; did you mean "expr"?'],
    ['  - alert: A\n    expr: up\n    for: soon', 'rules/api.yml:6: not a valid duration: "soon"'],
    ['  - alert: A\n    expr: up\n    labels: {__name__: x}', 'rules/api.yml:6: invalid label name: "__name__"'],
    [
      '  - alert: A\n    expr: up\n    annotations:\n      s: "{{ $labels.x"',
      'rules/api.yml:7: template: annotation s:1:',
    ],
    ['  - alert: A\n    expr: up\n    annotations:\n      s: "{{ nope }}"', 'function "nope" not defined'],
    [
      '  - alert: A\n    expr: up\n    annotations: {opsroom_on_nodata: panic}',
      'opsroom_on_nodata must be resolve, keep or alert',
    ],
  ])('reports what is wrong with its line: %j', (rule, said) => {
    expect(problems(rule).join('\n')).toContain(said);
  });

  it('reports everything that is wrong at once', () => {
    const { problems: all } = parse(
      'groups:\n- name: a\n  interval: x\n- name: a\n  rules:\n  - alert: B\n    expr: (\n- rules: 1\n',
    );
    expect(all).toHaveLength(5);
  });

  it('names the nearest function', () => {
    expect(problems('  - alert: A\n    expr: rat(x[5m])')[0]).toContain('did you mean "rate"?');
  });

  it('says where YAML is broken', () => {
    expect(parse('groups:\n- name: [').problems[0]).toMatch(/^rules\/api\.yml:\d+: /);
  });

  it('may be empty', () => {
    expect(parse('')).toEqual({ groups: [], problems: [] });
  });
});
