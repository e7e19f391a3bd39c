import { seriesSummary } from './series-summary.js';

const view = (...values: number[]): Parameters<typeof seriesSummary>[0] => ({
  times: Float64Array.from(values, (_, i) => i),
  values: [Float64Array.from(values)],
  start: 1,
  end: values.length,
});

describe('seriesSummary', () => {
  it('sums up the finite values of the view', () => {
    expect(seriesSummary(view(99, 1, NaN, 5, Infinity, 3), 0)).toEqual({ min: 1, mean: 3, max: 5 });
  });

  it('has nothing to say without values', () => {
    expect(seriesSummary(view(99, NaN), 0)).toEqual({ min: null, mean: null, max: null });
    expect(seriesSummary(view(1, 2), 7)).toEqual({ min: null, mean: null, max: null });
  });
});
