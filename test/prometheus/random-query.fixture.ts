import { type Dice, vector } from '../promql/random-expr.fixture.js';

const RATE = 'rate(latency_bucket[5m])';

/**
 * A query over the series of random-series.fixture.ts that Prometheus 2.42 has and defines as 3.x does. Left out, with the reason:
 * what 2.42 lacks (native histograms, `limitk`, `info`, `mad_over_time`, `sort_by_label`, `first_over_time`, `fill`, arithmetic
 * of durations, quoted names); `holt_winters`, which has another name since; `topk` among equal values, where either may win;
 * and what random-expr.fixture.ts names for its part.
 */
export function query(dice: Dice): string {
  const inner = (): string => vector(dice, dice.below(2));
  switch (dice.below(12)) {
    case 0:
      return `histogram_quantile(${dice.pick(['0.5', '0.9', '0.99', '-1', '1.5'])}, ${dice.pick([RATE, `sum by (le) (${RATE})`, `sum without (host) (${RATE})`])})`;
    case 1:
      return `${dice.pick(['topk', 'bottomk'])}${dice.pick(['', ' by (host)', ' without (host, kind)'])} (${dice.pick(['0', '1', '2', '100'])}, temperature + queue_length == temperature + queue_length)`;
    case 2:
      return `count_values ${dice.pick(['', 'by (host) ', 'without (host, kind) '])}("value", ${dice.pick(['floor(temperature)', 'resets(requests_total[17m])', 'requests_total > bool 50'])})`;
    case 3:
      return `${dice.pick(['sort', 'sort_desc'])}(${inner()})`;
    case 4:
      return dice.pick([
        `scalar(${inner()})`,
        `time() - scalar(${inner()})`,
        `vector(scalar(${inner()})) > bool 3`,
        '1 / 0',
        '2 ^ -1',
      ]);
    case 5:
      return `${dice.pick(['stddev', 'stdvar'])}${dice.pick(['', ' by (host)', ' without (kind)'])} (${dice.pick(['bytes_total', 'requests_total', 'bytes_total % 7'])})`;
    default:
      return vector(dice, 1 + dice.below(3));
  }
}

/** The query with a character less: mostly wrong, sometimes another one. */
export function damaged(dice: Dice, text: string): string {
  const at = dice.below(text.length);
  return text.slice(0, at) + text.slice(at + 1);
}
