import type { BucketSpan, CounterResetHint, FloatHistogram } from './float-histogram.js';

/** The schema of histograms whose bounds are listed (`customValues`). */
export const CUSTOM_SCHEMA = -53;

/** Buckets of one side, by ascending index. An index may be there with a count of 0. */
export interface Buckets {
  readonly indices: readonly number[];
  readonly counts: readonly number[];
}

/** A histogram whose spans are resolved to indices: the form that all arithmetic works on. */
export interface Unpacked {
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly count: number;
  readonly sum: number;
  readonly positive: Buckets;
  readonly negative: Buckets;
  readonly customValues: readonly number[];
  readonly hint: CounterResetHint;
}

export const noBuckets: Buckets = { indices: [], counts: [] };

const unpackedOf = new WeakMap<FloatHistogram, Unpacked>();
const packedOf = new WeakMap<Unpacked, FloatHistogram>();

export function usesCustomBuckets(histogram: { readonly schema: number }): boolean {
  return histogram.schema === CUSTOM_SCHEMA;
}

/** Histograms are immutable, so the result is kept with them. */
export function unpack(histogram: FloatHistogram): Unpacked {
  let unpacked = unpackedOf.get(histogram);
  if (unpacked === undefined) {
    unpacked = {
      schema: histogram.schema,
      zeroThreshold: histogram.zeroThreshold,
      zeroCount: histogram.zeroCount,
      count: histogram.count,
      sum: histogram.sum,
      positive: { indices: indicesOf(histogram.positiveSpans), counts: histogram.positiveBuckets },
      negative: { indices: indicesOf(histogram.negativeSpans), counts: histogram.negativeBuckets },
      customValues: histogram.customValues ?? [],
      hint: histogram.counterResetHint,
    };
    unpackedOf.set(histogram, unpacked);
    packedOf.set(unpacked, histogram);
  }
  return unpacked;
}

export function pack(unpacked: Unpacked): FloatHistogram {
  const known = packedOf.get(unpacked);
  if (known !== undefined) return known;
  const { positive, negative } = unpacked;
  const histogram: FloatHistogram = {
    schema: unpacked.schema,
    zeroThreshold: unpacked.zeroThreshold,
    zeroCount: unpacked.zeroCount,
    count: unpacked.count,
    sum: unpacked.sum,
    positiveSpans: spansOf(positive.indices),
    negativeSpans: spansOf(negative.indices),
    positiveBuckets: positive.counts,
    negativeBuckets: negative.counts,
    counterResetHint: unpacked.hint,
    ...(unpacked.schema === CUSTOM_SCHEMA ? { customValues: unpacked.customValues } : {}),
  };
  unpackedOf.set(histogram, unpacked);
  return histogram;
}

function indicesOf(spans: readonly BucketSpan[]): number[] {
  const indices: number[] = [];
  let index = 0;
  for (const { offset, length } of spans) {
    index += offset;
    for (let i = 0; i < length; i++) indices.push(index++);
  }
  return indices;
}

/** Adjacent indices make one span. */
function spansOf(indices: readonly number[]): BucketSpan[] {
  const spans: { offset: number; length: number }[] = [];
  let next = 0;
  for (const index of indices) {
    const last = spans.at(-1);
    if (last !== undefined && index === next) last.length++;
    else spans.push({ offset: last === undefined ? index : index - next, length: 1 });
    next = index + 1;
  }
  return spans;
}

/** Without the buckets that are empty. */
export function compact(unpacked: Unpacked): Unpacked {
  const positive = withoutEmpty(unpacked.positive);
  const negative = withoutEmpty(unpacked.negative);
  if (positive === unpacked.positive && negative === unpacked.negative) return unpacked;
  return { ...unpacked, positive, negative };
}

function withoutEmpty(buckets: Buckets): Buckets {
  if (!buckets.counts.includes(0)) return buckets;
  const indices: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < buckets.counts.length; i++) {
    if (buckets.counts[i] === 0) continue;
    indices.push(buckets.indices[i]);
    counts.push(buckets.counts[i]);
  }
  return { indices, counts };
}

/** Applies a function to the counts of a side. */
export function mapCounts(buckets: Buckets, change: (count: number) => number): Buckets {
  return buckets.counts.length === 0 ? buckets : { indices: buckets.indices, counts: buckets.counts.map(change) };
}

/** The index of the bucket of a coarser exponential schema that holds the bucket `index`. */
export function coarserIndex(index: number, schema: number, target: number): number {
  return ((index - 1) >> (schema - target)) + 1;
}

/** The buckets in a coarser exponential schema; as they are where it is the same. */
function reduceBuckets(buckets: Buckets, schema: number, target: number): Buckets {
  if (target >= schema) return buckets;
  const indices: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < buckets.indices.length; i++) {
    const index = coarserIndex(buckets.indices[i], schema, target);
    if (indices.at(-1) === index) counts[counts.length - 1] += buckets.counts[i];
    else {
      indices.push(index);
      counts.push(buckets.counts[i]);
    }
  }
  return { indices, counts };
}

export function reduceSchema(unpacked: Unpacked, target: number): Unpacked {
  if (usesCustomBuckets(unpacked) || target >= unpacked.schema) return unpacked;
  return {
    ...unpacked,
    schema: target,
    positive: reduceBuckets(unpacked.positive, unpacked.schema, target),
    negative: reduceBuckets(unpacked.negative, unpacked.schema, target),
  };
}

/** Equal in every component but the counter reset hint; an empty bucket that only one of them has makes a difference. */
export function equalHistograms(a: FloatHistogram, b: FloatHistogram): boolean {
  const x = unpack(a);
  const y = unpack(b);
  return (
    x.schema === y.schema &&
    same(x.count, y.count) &&
    same(x.sum, y.sum) &&
    (x.schema === CUSTOM_SCHEMA
      ? sameList(x.customValues, y.customValues)
      : x.zeroThreshold === y.zeroThreshold && same(x.zeroCount, y.zeroCount)) &&
    sameList(x.positive.indices, y.positive.indices) &&
    sameList(x.positive.counts, y.positive.counts) &&
    sameList(x.negative.indices, y.negative.indices) &&
    sameList(x.negative.counts, y.negative.counts)
  );
}

function same(a: number, b: number): boolean {
  return a === b || (a !== a && b !== b);
}

export function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((value, i) => same(value, b[i])));
}

export function withHint(histogram: FloatHistogram, counterResetHint: CounterResetHint): FloatHistogram {
  return histogram.counterResetHint === counterResetHint ? histogram : { ...histogram, counterResetHint };
}
