import type { CounterResetHint, FloatHistogram } from '@opsroom/promql';

/** The histogram with another hint; itself where that is its hint. */
export function withHint(histogram: FloatHistogram, counterResetHint: CounterResetHint): FloatHistogram {
  return histogram.counterResetHint === counterResetHint ? histogram : { ...histogram, counterResetHint };
}

/** For a histogram whose predecessor is another one than its hint speaks of: readers have to compare. Gauges stay gauges. */
export function withoutHint(histogram: FloatHistogram): FloatHistogram {
  return histogram.counterResetHint === 'gauge' ? histogram : withHint(histogram, 'unknown');
}
