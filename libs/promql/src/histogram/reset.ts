import { commonBounds, onBounds } from './arithmetic.js';
import type { CounterResetHint, FloatHistogram } from './float-histogram.js';
import { type Buckets, reduceSchema, sameList, unpack, type Unpacked, usesCustomBuckets } from './layout.js';
import { widenZeroBucket } from './zero-bucket.js';

/**
 * True if the counter was reset between two histograms: its hint says so, or any count (observations, zero bucket, a
 * bucket; not the sum) fell, or the resolution rose, which only a restart can do. Gauges are compared as if they were
 * counters; whoever asks warns of it.
 */
export function isReset(current: FloatHistogram, previous: FloatHistogram): boolean {
  if (current.counterResetHint === 'reset') return true;
  if (current.counterResetHint === 'not_reset') return false;
  return countsFell(unpack(current), unpack(previous));
}

function countsFell(current: Unpacked, previous: Unpacked): boolean {
  if (current.count < previous.count) return true;
  if (usesCustomBuckets(current)) {
    if (!usesCustomBuckets(previous)) return true;
    if (!sameList(current.customValues, previous.customValues)) {
      const common = commonBounds(current.customValues, previous.customValues);
      return bucketsFell(
        onBounds(current.positive, current.customValues, common),
        onBounds(previous.positive, previous.customValues, common),
      );
    }
    return bucketsFell(current.positive, previous.positive);
  }
  if (usesCustomBuckets(previous)) return true;
  if (current.schema > previous.schema) return true;
  if (current.zeroThreshold < previous.zeroThreshold) return true;
  const widened = widenZeroBucket(previous, current.zeroThreshold);
  // The zero bucket now cuts through a populated bucket of before: cannot be without a restart.
  if (widened.zeroThreshold !== current.zeroThreshold) return true;
  if (current.zeroCount < widened.zeroCount) return true;
  const before = reduceSchema(widened, current.schema);
  return bucketsFell(current.positive, before.positive) || bucketsFell(current.negative, before.negative);
}

function bucketsFell(current: Buckets, previous: Buckets): boolean {
  let i = 0;
  for (let j = 0; j < previous.indices.length; j++) {
    while (i < current.indices.length && current.indices[i] < previous.indices[j]) i++;
    const count = current.indices[i] === previous.indices[j] ? current.counts[i] : 0;
    if (count < previous.counts[j]) return true;
  }
  return false;
}

/**
 * The hint that a stored histogram reads back with, as Prometheus's store gives it: gauges stay gauges and an explicit
 * reset stays one; anything else is compared with the series' sample before, `unknown` where there is none to compare with
 * (the first one, and one after a float, a stale marker or a gauge) or where the layout changed without a fall.
 */
export function hintWhenStored(current: FloatHistogram, previous: FloatHistogram | undefined): CounterResetHint {
  if (current.counterResetHint === 'gauge' || current.counterResetHint === 'reset') return current.counterResetHint;
  if (previous === undefined || previous.counterResetHint === 'gauge') return 'unknown';
  const after = unpack(current);
  const before = unpack(previous);
  if (after.count < before.count) return 'reset';
  if (after.schema !== before.schema || after.zeroThreshold !== before.zeroThreshold) return 'unknown';
  if (!sameList(after.customValues, before.customValues)) return 'unknown';
  return countsFell(after, before) ? 'reset' : 'not_reset';
}
