import { createPlan, parseExpr } from '@opsroom/promql';
import { reachOf, unfitForTopic } from './reach.js';

const LOOKBACK = 300_000;
const planOf = (text: string) => createPlan(parseExpr(text));
const reach = (text: string) => reachOf(planOf(text), { lookbackMs: LOOKBACK, stepMs: 1_000 });

describe('the reach of an expression', () => {
  it.each([
    ['x', 0, LOOKBACK],
    ['x offset 1m', 60_000, 60_000 + LOOKBACK],
    ['x offset -1m', -60_000, LOOKBACK - 60_000],
    ['rate(x[5s])', 0, 5_000],
    ['max_over_time(rate(x[5s])[1m:1s])', 0, 65_000],
    ['rate(x[5s] offset 10s) / y', 0, LOOKBACK],
    ['avg_over_time(x[1m:1s] offset 30s)', 30_000, 90_000 + LOOKBACK],
  ])('%s: a sample changes results from %d to %d ms after it', (text, leastMs, mostMs) => {
    expect(reach(text)).toMatchObject({ leastMs, mostMs });
  });

  it.each([
    ['x', 'lookback', false],
    ['sum by (a) (x) > 2', 'lookback', false],
    ['absent(x)', 'lookback', false],
    ['rate(x[1m])', 'always', false],
    ['x offset 5m', 'always', false],
    ['time() - x', 'always', true],
    ['hour()', 'always', true],
    ['vector(1)', 'always', true],
  ])('%s: time changes it %s', (text, time, moving) => {
    expect(reach(text)).toMatchObject({ time, moving });
  });

  it('knows which samples an @ ties it to', () => {
    expect(reach('x / rate(x[10s] @ 1000)').pinned).toEqual([{ fromMs: 990_000, toMs: 1_000_000 }]);
    expect(reach('x / rate(x[10s] @ 1000)')).toMatchObject({ leastMs: 0, mostMs: LOOKBACK });
  });

  it('finds every selector', () => {
    expect(
      reach('x{a="1"} + on () sum(rate(y[1m]))').selectors.map((matchers) => matchers.map(({ value }) => value)),
    ).toEqual(expect.arrayContaining([expect.arrayContaining(['x', '1']), ['y']]));
  });
});

describe('an expression that cannot be a topic', () => {
  it.each(['x[5m]', '"text"', 'x @ end()', 'sum_over_time(x[5m:] @ start())'])('%s', (text) => {
    expect(unfitForTopic(planOf(text))).toEqual(expect.any(String));
  });

  it('is told from one that can', () => {
    expect(unfitForTopic(planOf('x @ 1000'))).toBeUndefined();
  });
});
