import { longestWindowMs } from './longest-window.js';
import { parseExpr } from './parse.js';

describe('longestWindowMs', () => {
  it.each([
    ['up == 0', 0],
    ['rate(x[5m])', 300_000],
    ['rate(x[5m] offset 1m) > 2', 360_000],
    ['x offset -1m', 0],
    ['max_over_time(rate(x[1m])[10m:])', 660_000],
    ['quantile(scalar(rate(y[2m])), x)', 120_000],
    ['-(a / on (i) rate(b[30s]))', 30_000],
  ])('%s', (text, expected) => {
    expect(longestWindowMs(parseExpr(text))).toBe(expected);
  });
});
