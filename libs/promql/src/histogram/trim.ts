import { type HistogramBucket, sideBuckets, zeroBucket } from './buckets.js';
import { logShare } from './estimate.js';
import type { FloatHistogram } from './float-histogram.js';
import { type Buckets, compact, pack, unpack, type Unpacked, usesCustomBuckets } from './layout.js';

/** What is left of one bucket: how many observations, and the value that stands for them in the sum. */
interface Kept {
  readonly count: number;
  readonly middle: number;
}

/**
 * The observations at or below `at` (`side` 'below'), or at or above it. The bucket that holds `at` is divided, evenly for
 * custom buckets and the zero bucket, exponentially otherwise; the sum is estimated anew from the middles of what is left.
 * A histogram that loses nothing stays as it is.
 */
export function trimHistogram(histogram: FloatHistogram, at: number, side: 'below' | 'above'): FloatHistogram {
  const from = unpack(histogram);
  const below = side === 'below';
  const totals = { count: 0, sum: 0, changed: false };
  const positive = trimSide(from, false, at, below, totals);
  const negative = trimSide(from, true, at, below, totals);
  let { zeroCount } = from;
  if (zeroCount > 0) {
    const kept = trimZero(from, at, below);
    if (kept.count !== zeroCount) totals.changed = true;
    zeroCount = kept.count;
    totals.count += kept.count;
    totals.sum += kept.middle * kept.count;
  }
  if (!totals.changed) return histogram;
  return pack(compact({ ...from, positive, negative, zeroCount, count: totals.count, sum: totals.sum }));
}

function trimSide(
  histogram: Unpacked,
  negative: boolean,
  at: number,
  below: boolean,
  totals: { count: number; sum: number; changed: boolean },
): Buckets {
  const { indices, counts } = negative ? histogram.negative : histogram.positive;
  const linear = usesCustomBuckets(histogram);
  const left = [...counts];
  let i = -1;
  for (const bucket of sideBuckets(histogram, negative)) {
    i++;
    if (bucket.count === 0) continue;
    const kept = trimBucket(bucket, at, below, linear, negative);
    totals.count += kept.count;
    totals.sum += kept.middle * kept.count;
    if (kept.count !== bucket.count) totals.changed = true;
    left[i] = kept.count;
  }
  return { indices, counts: left };
}

function trimBucket(bucket: HistogramBucket, at: number, below: boolean, linear: boolean, negative: boolean): Kept {
  const { lower, upper, count } = bucket;
  if (below ? upper <= at : lower >= at) return { count, middle: middleOf(lower, upper, linear, negative) };
  // Negated, so that nothing is left below or above NaN.
  if (!(below ? lower < at : upper > at)) return { count: 0, middle: 0 };
  if (lower === -Infinity || upper === Infinity) return trimInfinite(bucket, at, below);
  const share = linear ? (at - lower) / (upper - lower) : shareOf(at, lower, upper, negative);
  const under = count * share;
  return below
    ? { count: under, middle: middleOf(lower, at, linear, negative) }
    : { count: count - under, middle: middleOf(at, upper, linear, negative) };
}

function shareOf(at: number, lower: number, upper: number, negative: boolean): number {
  return logShare(negative ? -Math.abs(at) : Math.abs(at), lower, upper);
}

/** How observations lie in a bucket without end is not known: it is kept or dropped whole, save that (-Inf, +x] begins at 0. */
function trimInfinite({ lower, upper, count }: HistogramBucket, at: number, below: boolean): Kept {
  if (lower === -Infinity) {
    const bounded = upper > 0 && upper !== Infinity;
    if (below) {
      if (at > 0 && bounded) return { count: (count * at) / upper, middle: at / 2 };
      return upper <= 0 ? { count, middle: at } : { count: 0, middle: 0 };
    }
    return at >= 0 && bounded ? { count: count * (1 - at / upper), middle: (at + upper) / 2 } : { count: 0, middle: 0 };
  }
  if (below) return { count: 0, middle: 0 };
  return at >= lower ? { count, middle: at } : { count: 0, middle: 0 };
}

/** Reaches to 0 only on the side where the histogram has no observations. */
function trimZero(histogram: Unpacked, at: number, below: boolean): Kept {
  const holds = (buckets: Buckets): boolean => buckets.counts.some((count) => count !== 0);
  const positives = holds(histogram.positive);
  const negatives = holds(histogram.negative);
  const bucket = zeroBucket(histogram);
  const lower = positives && !negatives ? 0 : bucket.lower;
  const upper = negatives && !positives ? 0 : bucket.upper;
  const whole = { count: bucket.count, middle: (lower + upper) / 2 };
  // A bucket without width lies above its bound, never below it.
  if (at <= lower) return below ? { count: 0, middle: 0 } : whole;
  if (at >= upper) return below ? whole : { count: 0, middle: 0 };
  return below
    ? { count: (bucket.count * (at - lower)) / (upper - lower), middle: (lower + at) / 2 }
    : { count: (bucket.count * (upper - at)) / (upper - lower), middle: (at + upper) / 2 };
}

function middleOf(lower: number, upper: number, linear: boolean, negative: boolean): number {
  if (lower === -Infinity) {
    if (upper === Infinity) return 0;
    return upper > 0 ? upper / 2 : upper;
  }
  if (upper === Infinity) return lower;
  if (linear) return (lower + upper) / 2;
  return Math.sqrt(Math.abs(lower * upper)) * (negative ? -1 : 1);
}
