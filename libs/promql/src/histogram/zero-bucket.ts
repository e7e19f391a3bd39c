import { KahanSum } from '../evaluate/kernels/kahan.js';
import { sideBuckets } from './buckets.js';
import type { Buckets, Unpacked } from './layout.js';

/**
 * What the zero bucket would hold if it reached up to `threshold` (not below its present one). Where that ends inside of a
 * populated bucket, the threshold is raised to that bucket's outer bound.
 */
export function zeroCountUpTo(histogram: Unpacked, threshold: number): { count: number; threshold: number } {
  if (threshold === histogram.zeroThreshold) return { count: histogram.zeroCount, threshold };
  let reach = threshold;
  for (;;) {
    const sum = new KahanSum(histogram.zeroCount);
    for (const bucket of sideBuckets(histogram, false)) {
      if (bucket.lower >= reach) break;
      sum.add(bucket.count);
      if (bucket.upper > reach) {
        if (bucket.count !== 0) reach = bucket.upper;
        break;
      }
    }
    let again = false;
    for (const bucket of sideBuckets(histogram, true)) {
      if (bucket.upper <= -reach) break;
      sum.add(bucket.count);
      if (bucket.lower < -reach) {
        if (bucket.count !== 0) {
          // What was taken from the positive side no longer fits.
          reach = -bucket.lower;
          again = true;
        }
        break;
      }
    }
    if (!again) return { count: sum.value, threshold: reach };
  }
}

/** The histogram with its zero bucket widened; buckets that fall inside of it are gone. */
export function widenZeroBucket(histogram: Unpacked, threshold: number): Unpacked {
  const widened = zeroCountUpTo(histogram, threshold);
  if (widened.threshold === histogram.zeroThreshold) return histogram;
  return {
    ...histogram,
    zeroThreshold: widened.threshold,
    zeroCount: widened.count,
    positive: outside(histogram, false, widened.threshold),
    negative: outside(histogram, true, widened.threshold),
  };
}

function outside(histogram: Unpacked, negative: boolean, threshold: number): Buckets {
  const { indices, counts } = negative ? histogram.negative : histogram.positive;
  let first = 0;
  for (const bucket of sideBuckets(histogram, negative)) {
    if ((negative ? -bucket.upper : bucket.lower) >= threshold) break;
    first++;
  }
  return { indices: indices.slice(first), counts: counts.slice(first) };
}

/** Both with one zero threshold that cuts through no populated bucket of either. */
export function alignZeroBuckets(a: Unpacked, b: Unpacked): [Unpacked, Unpacked] {
  let left = a;
  let right = b;
  while (left.zeroThreshold !== right.zeroThreshold) {
    if (left.zeroThreshold > right.zeroThreshold) right = widenZeroBucket(right, left.zeroThreshold);
    else left = widenZeroBucket(left, right.zeroThreshold);
  }
  return [left, right];
}
