import { HOST_MEASURES, hostPanels, recentRate } from './host-panels.js';

describe('hostPanels', () => {
  it('selects one host in every expression, quoted as PromQL wants it', () => {
    for (const { queries } of hostPanels('web"1')) {
      for (const { expr } of queries) expect(expr).toContain('instance="web\\"1"');
    }
  });

  it('selects nothing where there is one host only', () => {
    for (const { queries } of hostPanels(null)) for (const { expr } of queries) expect(expr).not.toContain('instance');
  });

  it('needs metrics that its expressions use', () => {
    for (const { queries, needs } of hostPanels(null)) {
      for (const metric of needs) expect(queries.some(({ expr }) => expr.includes(metric))).toBe(true);
    }
  });

  it('leaves no bracket open', () => {
    const exprs = [
      ...hostPanels('a').flatMap(({ queries }) => queries.map(({ expr }) => expr)),
      ...HOST_MEASURES.map(({ expr }) => expr),
    ];
    for (const expr of exprs) {
      const bare = expr.replace(/"(?:[^"\\]|\\.)*"/g, '""');
      for (const pair of ['()', '[]', '{}']) expect(bare.split(pair[0]).length).toBe(bare.split(pair[1]).length);
    }
  });
});

describe('recentRate', () => {
  it('falls back to a minute under the same aggregation', () => {
    expect(recentRate('x_total', ['a="b"'], (rate) => `sum(${rate})`)).toBe(
      'sum(rate(x_total{a="b"}[10s])) or sum(rate(x_total{a="b"}[1m]))',
    );
  });
});
