import { buildExpression, buildSelector, searchMetrics } from './build-expression.js';

describe('buildSelector', () => {
  it.each([
    ['up', {}, 'up'],
    ['up', { job: 'a"b' }, 'up{job="a\\"b"}'],
    ['http.requests', { 'service.name': 'pay' }, '{"http.requests", "service.name"="pay"}'],
  ])('%s with %j', (metric, labels, selector) => {
    expect(buildSelector(metric, labels)).toBe(selector);
  });
});

describe('buildExpression', () => {
  it.each([
    ['node_load1', 'gauge', 'node_load1'],
    ['http_requests_total', '', 'rate(http_requests_total[1m])'],
    ['odd_counter', 'counter', 'rate(odd_counter[1m])'],
    ['latency_seconds_bucket', '', 'histogram_quantile(0.95, sum by (le) (rate(latency_seconds_bucket[5m])))'],
  ])('shows %s (%s) as people want to see it', (metric, type, expr) => {
    expect(buildExpression(metric, {}, type)).toBe(expr);
  });
});

describe('searchMetrics', () => {
  const names = ['node_cpu_seconds_total', 'node_load1', 'process_cpu_seconds_total', 'up'];
  it('finds names that hold every word, those that begin with it first', () => {
    expect(searchMetrics(names, 'cpu node', 9)).toEqual(['node_cpu_seconds_total']);
    expect(searchMetrics(names, 'pro', 9)).toEqual(['process_cpu_seconds_total']);
    expect(searchMetrics(names, '', 2)).toEqual(['node_cpu_seconds_total', 'node_load1']);
  });
});
