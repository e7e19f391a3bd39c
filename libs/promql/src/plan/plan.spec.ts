import { parseExpr } from '../syntax/parse.js';
import { explain } from './explain.js';
import { createPlan } from './plan.js';

const explained = (text: string): string => explain(createPlan(parseExpr(text, { experimental: true }), { text }));

describe('createPlan', () => {
  it.each([
    ['2 * (3 + 4) ^ 2', '98\n'],
    ['-(1 > bool 2)', '-0\n'],
    ['max_of(1, 2) + pi()', '5.141592653589793\n'],
    ['1 / 0', '+Inf\n'],
  ])('folds the constants of %s', (text, expected) => {
    expect(explained(text)).toBe(expected);
  });

  it('finds a subtree that occurs twice once, wherever its labels stand', () => {
    expect(explained('sum by (a, b) (x) / (sum by (b, a) (x) + 1)')).toBe(
      [
        '/ ignoring () one-to-one',
        '  #1 sum by (a, b)',
        '    select {__name__="x"}',
        '  +',
        '    = #1',
        '    1',
        '',
      ].join('\n'),
    );
  });

  it('does not take the samples of a window and the value of its selector for the same', () => {
    const plan = createPlan(parseExpr('rate(x[5m]) / x'));
    expect(plan.nodes.filter((node) => plan.uses[node.id] > 1)).toEqual([]);
  });

  it('marks what is the same at every step, at the top of it', () => {
    expect(explained('x - sum(rate(y[5m] @ end()))')).toBe(
      [
        '- ignoring () one-to-one',
        '  select {__name__="x"}',
        '  sum by () once',
        '    rate',
        '      select {__name__="y"} @ end() over 300s',
        '',
      ].join('\n'),
    );
  });

  it.each(['time()', 'predict_linear(x[1m] @ 5, 60)', 'hour(x @ 5)', 'timestamp(x @ 5)'])(
    'does not take %s for the same at every step',
    (text) => {
      expect(createPlan(parseExpr(text)).root.invariant).toBe(false);
    },
  );

  it('shows shifts, subqueries and the step of the query in durations', () => {
    expect(explained('max_over_time(rate(x[step() * 2] offset 1m)[1h:5m] @ 100 offset -10s)')).toBe(
      [
        'max_over_time once',
        '  subquery over 3600s every 300s offset -10s @ 100',
        '    rate',
        '      select {__name__="x"} offset 60s over (step() * 2s)',
        '',
      ].join('\n'),
    );
  });
});
