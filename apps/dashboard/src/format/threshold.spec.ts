import { thresholdOf } from './threshold.js';

describe('thresholdOf', () => {
  it.each([
    ['up == 0', 'up', '==', 0],
    ['100 - avg(rate(cpu{mode="idle"}[1m])) * 100 > 80', '100 - avg(rate(cpu{mode="idle"}[1m])) * 100', '>', 80],
    ['free{path!="/a > b"} / size <= 0.1', 'free{path!="/a > b"} / size', '<=', 0.1],
    ['delta(x[1h]) < -1e3', 'delta(x[1h])', '<', -1000],
    ['count(up == 0) >= 2', 'count(up == 0)', '>=', 2],
    ['free{a="x and y"} / size < 0.1 and on (instance) readonly == 0', 'free{a="x and y"} / size', '<', 0.1],
    ['up == 0 unless maintenance > 0', 'up', '==', 0],
  ])('reads %s', (expr, measured, operator, value) => {
    expect(thresholdOf(expr)).toEqual({ measured, operator, value });
  });

  it.each(['up', 'a > b', 'a > bool 3', 'a > 3 or b < 2', 'x and y > 2', '(up == 0)', 'up{job="x"}', '> 3'])(
    'finds none in %s',
    (expr) => {
      expect(thresholdOf(expr)).toBeNull();
    },
  );
});
