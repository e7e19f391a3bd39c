/**
 * Quantiles and fractions of classic histograms: buckets with cumulative counts, each counting what is at or below its
 * upper bound.
 */
export interface ClassicBucket {
  readonly upperBound: number;
  count: number;
}

/** What was mended to make the counts rise with their bounds. */
export interface Repair {
  forced: boolean;
  minBucket: number;
  maxBucket: number;
  maxDifference: number;
}

/** Counts that differ by less than this share of each other are taken for equal: rounding of sums and rates. */
const SMALL_DELTA = 1e-12;
const MIN_NORMAL = 2.2250738585072014e-308;

/** Sorted by bound, buckets with equal bounds merged. */
function sortBuckets(buckets: readonly ClassicBucket[]): ClassicBucket[] {
  const sorted = [...buckets].sort((a, b) => (a.upperBound < b.upperBound ? -1 : a.upperBound > b.upperBound ? 1 : 0));
  const merged: ClassicBucket[] = [];
  for (const bucket of sorted) {
    const last = merged.at(-1);
    if (last?.upperBound === bucket.upperBound) last.count += bucket.count;
    else merged.push({ ...bucket });
  }
  return merged;
}

/**
 * Linear within a bucket; the lowest one begins at 0 if its bound is positive; in the highest bucket the bound below it is
 * the answer. NaN without observations, with fewer than two buckets or without a bucket for +Inf. `repair`, if given, is
 * told what had to be mended.
 */
export function classicQuantile(quantile: number, input: readonly ClassicBucket[], repair?: Repair): number {
  if (Number.isNaN(quantile)) return NaN;
  if (quantile < 0) return -Infinity;
  if (quantile > 1) return Infinity;
  const buckets = sortBuckets(input);
  if (buckets.length === 0 || buckets[buckets.length - 1].upperBound !== Infinity) return NaN;
  makeMonotonic(buckets, repair);
  if (buckets.length < 2) return NaN;
  const last = buckets.length - 1;
  const observations = buckets[last].count;
  if (observations === 0) return NaN;
  let rank = quantile * observations;
  const index = firstIndex(last, (i) => buckets[i].count >= rank);
  if (index === last) return buckets[last - 1].upperBound;
  if (index === 0 && buckets[0].upperBound <= 0) return buckets[0].upperBound;
  let start = 0;
  const end = buckets[index].upperBound;
  let count = buckets[index].count;
  if (index > 0) {
    start = buckets[index - 1].upperBound;
    count -= buckets[index - 1].count;
    rank -= buckets[index - 1].count;
  }
  return start + (end - start) * (rank / count);
}

/** The share of observations between two values, linear within a bucket. */
export function classicFraction(lower: number, upper: number, input: readonly ClassicBucket[]): number {
  const buckets = sortBuckets(input);
  if (buckets.length === 0 || buckets[buckets.length - 1].upperBound !== Infinity) return NaN;
  const count = buckets[buckets.length - 1].count;
  if (count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return NaN;
  if (lower >= upper) return 0;
  const lowerRank = classicRank(lower, buckets, count);
  const upperRank = classicRank(upper, buckets, count);
  return (upperRank - lowerRank) / count;
}

function classicRank(value: number, buckets: readonly ClassicBucket[], count: number): number {
  let rank = 0;
  let lowerBound = buckets[0].upperBound <= 0 ? -Infinity : 0;
  for (const bucket of buckets) {
    if (lowerBound >= value) return Math.min(rank, count);
    if (bucket.upperBound > value) {
      const inside =
        lowerBound === -Infinity
          ? bucket.count
          : rank + ((bucket.count - rank) * (value - lowerBound)) / (bucket.upperBound - lowerBound);
      return inside > count ? count : inside;
    }
    rank = bucket.count;
    lowerBound = bucket.upperBound;
  }
  return count;
}

/** Takes small differences for none and every other fall for the count before it. */
function makeMonotonic(buckets: ClassicBucket[], repair: Repair | undefined): void {
  let previous = buckets[0].count;
  for (let i = 1; i < buckets.length; i++) {
    const bucket = buckets[i];
    const current = bucket.count;
    if (current === previous) continue;
    if (nearlyEqual(previous, current)) {
      bucket.count = previous;
    } else if (current < previous) {
      bucket.count = previous;
      if (repair !== undefined) {
        repair.forced = true;
        repair.minBucket = Math.min(repair.minBucket, bucket.upperBound);
        repair.maxBucket = Math.max(repair.maxBucket, bucket.upperBound);
        repair.maxDifference = Math.max(repair.maxDifference, previous - current);
      }
    } else {
      previous = current;
    }
  }
}

function nearlyEqual(a: number, b: number): boolean {
  if (Number.isNaN(a) && Number.isNaN(b)) return true;
  if (a === b) return true;
  const sum = Math.abs(a) + Math.abs(b);
  const difference = Math.abs(a - b);
  if (a === 0 || b === 0 || sum < MIN_NORMAL) return difference < SMALL_DELTA * MIN_NORMAL;
  return difference / Math.min(sum, Number.MAX_VALUE) < SMALL_DELTA;
}

/** Smallest index in [0, n) for which the condition holds, n if there is none. */
function firstIndex(n: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
