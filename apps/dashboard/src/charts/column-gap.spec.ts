import { gapOf } from './column-gap.js';

const at = (times: readonly number[]): Parameters<typeof gapOf>[0] => ({
  times: Float64Array.from(times),
  values: [],
  start: 0,
  end: times.length,
});

describe('gapOf', () => {
  it.each([
    ['nothing', [], 1500],
    ['every step', [0, 1000, 2000, 3000], 1500],
    ['every step, one of them missing', [0, 1000, 2000, 3000, 6000, 7000, 8000], 1500],
    ['a slow source', [0, 15_000, 30_000, 45_000, 45_400], 22_500],
    ['a thinned snapshot of pairs', [0, 3000, 4000, 7000, 8000, 11_000, 12_000], 4500],
  ])('with %s', (_name, times, gap) => {
    expect(gapOf(at(times), 1000)).toBe(gap);
  });
});
