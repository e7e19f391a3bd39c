import { KahanSum } from '../evaluate/kernels/kahan.js';
import { type HistogramBucket, histogramBuckets } from './buckets.js';
import type { FloatHistogram } from './float-histogram.js';
import { unpack, type Unpacked, usesCustomBuckets } from './layout.js';

/** What NaN observations did to an estimate; they are counted but lie in no bucket. */
export type NanEffect = 'none' | 'result' | 'skew' | 'excluded';

export interface Estimate {
  readonly value: number;
  readonly nan: NanEffect;
}

const plain = (value: number): Estimate => ({ value, nan: 'none' });

/**
 * The quantile of the observations. Within a bucket they are taken to spread evenly for custom buckets and the zero bucket,
 * exponentially otherwise. The zero bucket reaches to 0 only where the other side holds no buckets at all.
 */
export function histogramQuantile(quantile: number, histogram: FloatHistogram): Estimate {
  if (quantile < 0) return plain(-Infinity);
  if (quantile > 1) return plain(Infinity);
  const unpacked = unpack(histogram);
  if (unpacked.count === 0 || Number.isNaN(quantile)) return plain(NaN);
  const custom = usesCustomBuckets(unpacked);
  const nanSum = Number.isNaN(unpacked.sum);
  // From the nearer end, but from below where NaN observations stand above every bucket.
  const forward = nanSum || quantile < 0.5;
  const buckets = histogramBuckets(histogram);
  if (!forward) buckets.reverse();
  let rank = (forward ? quantile : 1 - quantile) * unpacked.count;
  let count = 0;
  let at = 0;
  let bucket: HistogramBucket = { lower: 0, upper: 0, lowerInclusive: false, upperInclusive: false, count: 0 };
  while (at < buckets.length) {
    bucket = buckets[at++];
    if (bucket.count === 0) continue;
    count += bucket.count;
    if (count >= rank) break;
  }
  let { lower, upper } = bucket;
  if (custom) {
    if (lower === -Infinity) {
      if (upper <= 0) return plain(upper);
      lower = 0;
    } else if (upper === Infinity) {
      return plain(lower);
    }
  } else {
    ({ lower, upper } = zeroBounds(unpacked, lower, upper, lower < 0 && upper > 0));
  }
  if (count > unpacked.count) count = unpacked.count;
  if (count < rank) return nanSum ? { value: NaN, nan: 'result' } : plain(upper);
  rank = forward ? rank - (count - bucket.count) : count - rank;
  let nan: NanEffect = 'none';
  if (nanSum) {
    for (; at < buckets.length; at++) count += buckets[at].count;
    if (count < unpacked.count) nan = 'skew';
  }
  return { value: within(lower, upper, rank / bucket.count, custom), nan };
}

/** A zero bucket ends at 0 on the side where the histogram has nothing. */
function zeroBounds(
  histogram: Unpacked,
  lower: number,
  upper: number,
  isZeroBucket: boolean,
): { lower: number; upper: number } {
  if (!isZeroBucket) return { lower, upper };
  const negatives = histogram.negative.indices.length > 0;
  const positives = histogram.positive.indices.length > 0;
  if (!negatives && positives) return { lower: 0, upper };
  if (!positives && negatives) return { lower, upper: 0 };
  return { lower, upper };
}

function within(lower: number, upper: number, share: number, custom: boolean): number {
  if (custom || (lower <= 0 && upper >= 0)) return lower + (upper - lower) * share;
  const logLower = Math.log2(Math.abs(lower));
  const logUpper = Math.log2(Math.abs(upper));
  if (lower > 0) return 2 ** (logLower + (logUpper - logLower) * share);
  return -(2 ** (logUpper + (logLower - logUpper) * (1 - share)));
}

/** The share of observations between two values. */
export function histogramFraction(lower: number, upper: number, histogram: FloatHistogram): Estimate {
  const unpacked = unpack(histogram);
  if (unpacked.count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return plain(NaN);
  if (lower >= upper) return plain(0);
  const buckets = histogramBuckets(histogram);
  let count = unpacked.count;
  let nan: NanEffect = 'none';
  if (Number.isNaN(unpacked.sum)) {
    count = 0;
    for (const bucket of buckets) count += bucket.count;
    if (count < unpacked.count) nan = 'excluded';
  }
  const from = rankOf(lower, buckets, unpacked, count);
  const to = rankOf(upper, buckets, unpacked, count);
  return { value: (to - from) / unpacked.count, nan };
}

/** How many observations lie at or below a value. */
function rankOf(value: number, buckets: readonly HistogramBucket[], histogram: Unpacked, count: number): number {
  const custom = usesCustomBuckets(histogram);
  let rank = 0;
  for (const bucket of buckets) {
    const isZero = bucket.lower <= 0 && bucket.upper >= 0;
    const { lower, upper } = zeroBounds(histogram, bucket.lower, bucket.upper, isZero);
    if (lower >= value) return Math.min(rank, count);
    if (upper > value) {
      let inside: number;
      if (!custom && !isZero) inside = rank + bucket.count * logShare(value, lower, upper);
      else if (lower === -Infinity) inside = bucket.count;
      else inside = rank + (bucket.count * (value - lower)) / (upper - lower);
      return inside > count ? count : inside;
    }
    rank += bucket.count;
  }
  return count;
}

/** How far a value lies into an exponential bucket, 0 to 1. */
export function logShare(value: number, lower: number, upper: number): number {
  const logLower = Math.log2(Math.abs(lower));
  const logUpper = Math.log2(Math.abs(upper));
  const logValue = Math.log2(Math.abs(value));
  return value > 0 ? (logValue - logLower) / (logUpper - logLower) : 1 - (logValue - logUpper) / (logLower - logUpper);
}

/** Population variance, every observation taken to lie in its bucket's middle: arithmetic for custom, geometric otherwise. */
export function histogramVariance(histogram: FloatHistogram): number {
  const custom = usesCustomBuckets(histogram);
  const mean = histogram.sum / histogram.count;
  const variance = new KahanSum();
  for (const { lower, upper, count } of histogramBuckets(histogram)) {
    if (count === 0) continue;
    let middle: number;
    if (custom) middle = (upper + lower) / 2;
    else if (lower <= 0 && upper >= 0) middle = 0;
    else middle = Math.sqrt(upper * lower) * (upper < 0 ? -1 : 1);
    const delta = middle - mean;
    variance.add(count * delta * delta);
  }
  return variance.value / histogram.count;
}
