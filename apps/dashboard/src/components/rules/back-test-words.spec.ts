import { backTestWords } from './back-test-words.js';

describe('backTestWords', () => {
  it.each([
    [0, 0, 'In the last 6h this would not have fired.'],
    [1, 90_000, 'In the last 6h this would have fired once, for 1m 30s.'],
    [2, 90_000, 'In the last 6h this would have fired twice, for 1m 30s in all.'],
    [3, 720_000, 'In the last 6h this would have fired 3 times, for 12m in all.'],
  ])('tells of %d times', (fired, firingMs, words) => {
    expect(backTestWords({ fired, firingMs }, 6 * 3_600_000)).toBe(words);
  });
});
