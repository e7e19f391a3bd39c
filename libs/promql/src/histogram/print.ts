import { formatGeneral } from '../evaluate/numbers.js';
import { type HistogramBucket, sideBuckets, zeroBucket } from './buckets.js';
import type { FloatHistogram } from './float-histogram.js';
import { unpack } from './layout.js';

/** `{count:20, sum:10, [-2,-1):2, (0.5,1]:1}`: what Prometheus prints, and `count_values` uses as a label value. */
export function printHistogram(histogram: FloatHistogram): string {
  const unpacked = unpack(histogram);
  const buckets = [...sideBuckets(unpacked, true)].reverse().filter(({ count }) => count !== 0);
  if (unpacked.zeroCount !== 0) buckets.push(zeroBucket(unpacked));
  buckets.push(...[...sideBuckets(unpacked, false)].filter(({ count }) => count !== 0));
  const parts = [`count:${formatGeneral(unpacked.count)}`, `sum:${formatGeneral(unpacked.sum)}`, ...buckets.map(print)];
  return `{${parts.join(', ')}}`;
}

function print(bucket: HistogramBucket): string {
  const open = bucket.lowerInclusive ? '[' : '(';
  const close = bucket.upperInclusive ? ']' : ')';
  return `${open}${formatGeneral(bucket.lower)},${formatGeneral(bucket.upper)}${close}:${formatGeneral(bucket.count)}`;
}
