import { testRules } from './test-rules.js';

const RULES = `
groups:
  - name: g
    rules:
      - {record: job:latency:sum, expr: 'sum by (job) (latency)'}
      - {alert: Slow, expr: 'histogram_quantile(1, latency) > 3', annotations: {summary: 'up to {{ $value }}'}}
`;

/** Runs one test over a series that is written every minute. */
function run(values: string, expectations: string) {
  const test = `
rule_files: [rules.yml]
tests:
  - interval: 1m
    input_series: [{series: 'latency{job="a"}', values: '${values}'}]
${expectations}`;
  return testRules(['test.yml'], {
    read: (path) => (path === 'rules.yml' ? RULES : test),
    glob: (pattern) => [pattern],
  });
}

describe('native histograms in unit tests for rules', () => {
  it('are read, grow, are recorded and raise alerts', () => {
    const { out, err, exitCode } = run(
      '{{schema:0 count:1 sum:1 buckets:[1]}}+{{schema:0 count:1 sum:3 buckets:[0 0 1]}}x3 _ stale',
      `    promql_expr_test:
      - expr: histogram_count(latency)
        eval_time: 2m
        exp_samples: [{labels: '{job="a"}', value: 3}]
      - expr: job:latency:sum
        eval_time: 3m
        exp_samples: [{labels: 'job:latency:sum{job="a"}', histogram: '{{schema:0 count:4 sum:10 buckets:[1 0 3]}}'}]
    alert_rule_test:
      - eval_time: 1m
        alertname: Slow
        exp_alerts: [{exp_labels: {job: a}, exp_annotations: {summary: up to 4}}]
`,
    );
    expect({ out, err, exitCode }).toEqual({ out: 'Unit Testing:  test.yml\n  SUCCESS\n\n', err: '', exitCode: 0 });
  });

  it('are printed where they are not as expected', () => {
    const { err } = run(
      '{{schema:0 count:3 sum:4 z_bucket:1 buckets:[1] n_buckets:[1]}}',
      `    promql_expr_test:
      - expr: latency
        eval_time: 0
        exp_samples: [{labels: 'latency{job="a"}', value: 3}]
`,
    );
    expect(err).toContain('exp: {__name__="latency", job="a"} 3E+00');
    expect(err).toContain('got: {__name__="latency", job="a"} {count:3, sum:4, [-1,-0.5):1, [-0,0]:1, (0.5,1]:1}');
  });

  it.each([
    ['{{contu:1}}', 'cannot read \\"contu\\"'],
    ['{{count:many}}', 'not a number in a native histogram: many'],
    ['{{counter_reset_hint:maybe}}', 'counter_reset_hint is one of unknown, reset, not_reset, gauge, not maybe'],
    ['{{schema:-53 custom_values:[1]}}+{{schema:0}}x1', 'exponential and custom buckets cannot be added'],
  ])('say what is wrong with %s', (values, said) => {
    const { err, exitCode } = run(values, '');
    expect(exitCode).toBe(1);
    expect(err).toContain(said.replaceAll('\\"', '"'));
  });
});
