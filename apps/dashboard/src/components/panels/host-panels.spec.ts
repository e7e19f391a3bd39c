import { HOST_AGE, hostMeasures, hostPanels, rateRange } from './host-panels.js';

describe('hostPanels', () => {
  it('selects one host in every expression, quoted as PromQL wants it', () => {
    for (const { queries } of hostPanels('web"1', '10s')) {
      for (const { expr } of queries) expect(expr).toContain('instance="web\\"1"');
    }
  });

  it('selects nothing where there is one host only', () => {
    for (const { queries } of hostPanels(null, '10s'))
      for (const { expr } of queries) expect(expr).not.toContain('instance');
  });

  it('needs metrics that its expressions use', () => {
    for (const { queries, needs } of hostPanels(null, '10s')) {
      for (const metric of needs) expect(queries.some(({ expr }) => expr.includes(metric))).toBe(true);
    }
  });

  it('leaves no bracket open', () => {
    const exprs = [
      ...hostPanels('a', '1m').flatMap(({ queries }) => queries.map(({ expr }) => expr)),
      ...hostMeasures('1m').map(({ expr }) => expr),
      HOST_AGE,
    ];
    for (const expr of exprs) {
      const bare = expr.replace(/"(?:[^"\\]|\\.)*"/g, '""');
      for (const pair of ['()', '[]', '{}']) expect(bare.split(pair[0]).length).toBe(bare.split(pair[1]).length);
    }
  });
});

describe('rateRange', () => {
  it.each([
    [1, '10s'],
    [5, '30s'],
    [15, '1m'],
    [30, '2m'],
    [60, '5m'],
  ])('holds at least four samples that are %d s apart', (spacing, range) => {
    expect(rateRange(spacing)).toBe(range);
  });
});
