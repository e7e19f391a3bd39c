import type { CounterResetHint, FloatHistogram } from './float-histogram.js';
import {
  type Buckets,
  compact,
  mapCounts,
  noBuckets,
  pack,
  reduceSchema,
  sameList,
  unpack,
  type Unpacked,
  usesCustomBuckets,
} from './layout.js';
import { alignZeroBuckets } from './zero-bucket.js';

/** What an addition or subtraction gives, and what there is to say about it. */
export interface Combined {
  readonly histogram: FloatHistogram;
  /** One side said that its counter was reset, the other that it was not. */
  readonly collision: boolean;
  /** Custom bounds differed: only those that both have are left. */
  readonly reconciled: boolean;
}

export function multiplyHistogram(histogram: FloatHistogram, factor: number): FloatHistogram {
  return scaled(histogram, (count) => count * factor, factor < 0);
}

/** By zero: no regular buckets are left, and the rest is infinite or NaN. */
export function divideHistogram(histogram: FloatHistogram, divisor: number): FloatHistogram {
  const result = scaled(histogram, (count) => count / divisor, divisor < 0);
  return divisor === 0 ? pack({ ...unpack(result), positive: noBuckets, negative: noBuckets }) : result;
}

function scaled(histogram: FloatHistogram, change: (count: number) => number, negative: boolean): FloatHistogram {
  const from = unpack(histogram);
  return pack({
    ...from,
    zeroCount: change(from.zeroCount),
    count: change(from.count),
    sum: change(from.sum),
    positive: mapCounts(from.positive, change),
    negative: mapCounts(from.negative, change),
    hint: negative ? 'gauge' : from.hint,
  });
}

/** Undefined where one has exponential and the other custom buckets. */
export function addHistograms(a: FloatHistogram, b: FloatHistogram): Combined | undefined {
  return combine(unpack(a), unpack(b), 1);
}

/** `a - b`. The hint is as for an addition; an operator that subtracts calls its result a gauge. */
export function subtractHistograms(a: FloatHistogram, b: FloatHistogram): Combined | undefined {
  return combine(unpack(a), unpack(b), -1);
}

export function compactHistogram(histogram: FloatHistogram): FloatHistogram {
  return pack(compact(unpack(histogram)));
}

/** In the coarser schema; custom buckets stay as they are. */
export function toSchema(histogram: FloatHistogram, schema: number): FloatHistogram {
  return pack(reduceSchema(unpack(histogram), schema));
}

function combine(a: Unpacked, b: Unpacked, sign: 1 | -1): Combined | undefined {
  if (usesCustomBuckets(a) !== usesCustomBuckets(b)) return undefined;
  const { hint, collision } = combinedHint(a.hint, b.hint);
  const totals = { hint, count: a.count + sign * b.count, sum: a.sum + sign * b.sum };
  if (usesCustomBuckets(a)) {
    const reconciled = !sameList(a.customValues, b.customValues);
    const customValues = reconciled ? commonBounds(a.customValues, b.customValues) : a.customValues;
    const positive = reconciled
      ? merge(
          onBounds(a.positive, a.customValues, customValues),
          onBounds(b.positive, b.customValues, customValues),
          sign,
        )
      : merge(a.positive, b.positive, sign);
    const sum = { ...a, ...totals, customValues, positive };
    return { histogram: pack(reconciled ? compact(sum) : sum), collision, reconciled };
  }
  const [left, right] = alignZeroBuckets(a, b);
  const schema = Math.min(left.schema, right.schema);
  const x = reduceSchema(left, schema);
  const y = reduceSchema(right, schema);
  const histogram = pack({
    ...x,
    ...totals,
    zeroCount: x.zeroCount + sign * y.zeroCount,
    positive: merge(x.positive, y.positive, sign),
    negative: merge(x.negative, y.negative, sign),
  });
  return { histogram, collision, reconciled: false };
}

/** A gauge makes a gauge, an unknown makes an unknown, and so does a contradiction. */
export function combinedHint(
  a: CounterResetHint,
  b: CounterResetHint,
): { readonly hint: CounterResetHint; readonly collision: boolean } {
  if (a === b) return { hint: a, collision: false };
  if (a === 'gauge' || b === 'gauge') return { hint: 'gauge', collision: false };
  return { hint: 'unknown', collision: a !== 'unknown' && b !== 'unknown' };
}

/** Bounds that both lists have. */
export function commonBounds(a: readonly number[], b: readonly number[]): number[] {
  const others = new Set(b);
  return a.filter((bound) => others.has(bound));
}

/** Buckets of custom bounds on a subset of those bounds: each falls into the next bucket that reaches as far. */
export function onBounds(buckets: Buckets, bounds: readonly number[], target: readonly number[]): Buckets {
  const indices: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < buckets.indices.length; i++) {
    const index = targetOf(buckets.indices[i], bounds, target);
    if (indices.at(-1) === index) counts[counts.length - 1] += buckets.counts[i];
    else {
      indices.push(index);
      counts.push(buckets.counts[i]);
    }
  }
  return { indices, counts };
}

export function targetOf(index: number, bounds: readonly number[], target: readonly number[]): number {
  if (index >= bounds.length) return target.length;
  const found = target.findIndex((bound) => bound >= bounds[index]);
  return found < 0 ? target.length : found;
}

function merge(a: Buckets, b: Buckets, sign: 1 | -1): Buckets {
  if (b.indices.length === 0) return a;
  const indices: number[] = [];
  const counts: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.indices.length || j < b.indices.length) {
    const left = i < a.indices.length ? a.indices[i] : Infinity;
    const right = j < b.indices.length ? b.indices[j] : Infinity;
    indices.push(Math.min(left, right));
    if (left === right) counts.push(a.counts[i++] + sign * b.counts[j++]);
    else if (left < right) counts.push(a.counts[i++]);
    else counts.push(sign * b.counts[j++]);
  }
  return { indices, counts };
}
