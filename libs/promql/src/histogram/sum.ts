import { KahanSum } from '../evaluate/kernels/kahan.js';
import { combinedHint, commonBounds, targetOf } from './arithmetic.js';
import type { CounterResetHint, FloatHistogram } from './float-histogram.js';
import {
  type Buckets,
  coarserIndex,
  compact,
  CUSTOM_SCHEMA,
  pack,
  reduceSchema,
  sameList,
  unpack,
  type Unpacked,
} from './layout.js';
import { widenZeroBucket, zeroCountUpTo } from './zero-bucket.js';

type Side = Map<number, KahanSum>;

/** A running sum or mean of histograms, every component compensated (see `KahanSum`). */
export class HistogramSum {
  private schema: number;
  private zeroThreshold: number;
  private customValues: readonly number[];
  private hint: CounterResetHint;
  private zero: KahanSum;
  private count: KahanSum;
  private sum: KahanSum;
  private positive: Side;
  private negative: Side;

  constructor(first: FloatHistogram) {
    const from = unpack(first);
    this.schema = from.schema;
    this.zeroThreshold = from.zeroThreshold;
    this.customValues = from.customValues;
    this.hint = from.hint;
    this.zero = new KahanSum(from.zeroCount);
    this.count = new KahanSum(from.count);
    this.sum = new KahanSum(from.sum);
    this.positive = sideOf(from.positive);
    this.negative = sideOf(from.negative);
  }

  /** Says whether custom bounds had to be reconciled; undefined where the bucket schemas do not go together. */
  add(histogram: FloatHistogram): { readonly reconciled: boolean } | undefined {
    let from = unpack(histogram);
    if ((from.schema === CUSTOM_SCHEMA) !== (this.schema === CUSTOM_SCHEMA)) return undefined;
    this.hint = combinedHint(this.hint, from.hint).hint;
    let reconciled = false;
    let target = (index: number): number => index;
    if (this.schema === CUSTOM_SCHEMA) {
      if (!sameList(this.customValues, from.customValues)) {
        reconciled = true;
        const common = commonBounds(this.customValues, from.customValues);
        const own = this.customValues;
        const theirs = from.customValues;
        this.positive = moved(this.positive, (index) => targetOf(index, own, common));
        this.customValues = common;
        target = (index) => targetOf(index, theirs, common);
      }
    } else {
      from = this.align(from);
      this.zero.add(from.zeroCount);
    }
    this.count.add(from.count);
    this.sum.add(from.sum);
    addSide(this.positive, from.positive, target);
    addSide(this.negative, from.negative, target);
    return { reconciled };
  }

  /** The histogram so far; `withoutEmpty` leaves out buckets that came to nothing. */
  result(withoutEmpty: boolean, divisor = 1): FloatHistogram {
    const value = (sum: KahanSum): number =>
      divisor === 1 ? sum.value : sum.sum / divisor + sum.compensation / divisor;
    const buckets = (side: Side): Buckets => {
      const entries = [...side].sort(([a], [b]) => a - b);
      return { indices: entries.map(([index]) => index), counts: entries.map(([, sum]) => value(sum)) };
    };
    const unpacked: Unpacked = {
      schema: this.schema,
      zeroThreshold: this.zeroThreshold,
      zeroCount: value(this.zero),
      count: value(this.count),
      sum: value(this.sum),
      positive: buckets(this.positive),
      negative: buckets(this.negative),
      customValues: this.customValues,
      hint: this.hint,
    };
    return pack(withoutEmpty ? compact(unpacked) : unpacked);
  }

  clone(): HistogramSum {
    const copy = Object.create(HistogramSum.prototype) as HistogramSum;
    Object.assign(copy, this);
    copy.change((sum) => new KahanSum(sum.sum, sum.compensation));
    return copy;
  }

  scale(factor: number): void {
    this.change((sum) => new KahanSum(sum.sum * factor, sum.compensation * factor));
  }

  divide(divisor: number): void {
    this.change((sum) => new KahanSum(sum.sum / divisor, sum.compensation / divisor));
  }

  get overflows(): boolean {
    const infinite = (sum: KahanSum): boolean => Math.abs(sum.sum) === Infinity;
    return (
      infinite(this.zero) ||
      infinite(this.count) ||
      infinite(this.sum) ||
      [...this.positive.values()].some(infinite) ||
      [...this.negative.values()].some(infinite)
    );
  }

  private change(of: (sum: KahanSum) => KahanSum): void {
    const side = (from: Side): Side => new Map([...from].map(([index, sum]) => [index, of(sum)]));
    this.zero = of(this.zero);
    this.count = of(this.count);
    this.sum = of(this.sum);
    this.positive = side(this.positive);
    this.negative = side(this.negative);
  }

  /** Brings the coarser schema and the wider zero bucket of both about; gives the other one as it is to be added. */
  private align(histogram: Unpacked): Unpacked {
    let from = histogram;
    while (from.zeroThreshold !== this.zeroThreshold) {
      if (from.zeroThreshold < this.zeroThreshold) from = widenZeroBucket(from, this.zeroThreshold);
      else this.widen(from.zeroThreshold);
    }
    if (from.schema < this.schema) {
      const { schema } = this;
      this.positive = moved(this.positive, (index) => coarserIndex(index, schema, from.schema));
      this.negative = moved(this.negative, (index) => coarserIndex(index, schema, from.schema));
      this.schema = from.schema;
    }
    return reduceSchema(from, this.schema);
  }

  private widen(threshold: number): void {
    const now = unpack(this.result(false));
    const reach = zeroCountUpTo(now, threshold).threshold;
    const left = widenZeroBucket(now, threshold);
    this.zeroThreshold = reach;
    for (const [side, kept] of [
      [this.positive, left.positive],
      [this.negative, left.negative],
    ] as const) {
      const stay = new Set(kept.indices);
      for (const [index, sum] of side) {
        if (stay.has(index)) continue;
        this.zero.add(sum.sum);
        this.zero.add(sum.compensation);
        side.delete(index);
      }
    }
  }
}

function sideOf(buckets: Buckets): Side {
  return new Map(buckets.indices.map((index, i) => [index, new KahanSum(buckets.counts[i])]));
}

function addSide(side: Side, buckets: Buckets, target: (index: number) => number): void {
  for (let i = 0; i < buckets.indices.length; i++) {
    const index = target(buckets.indices[i]);
    const sum = side.get(index);
    if (sum === undefined) side.set(index, new KahanSum(buckets.counts[i]));
    else sum.add(buckets.counts[i]);
  }
}

function moved(side: Side, target: (index: number) => number): Side {
  const result: Side = new Map();
  for (const [index, sum] of [...side].sort(([a], [b]) => a - b)) {
    const known = result.get(target(index));
    if (known === undefined) result.set(target(index), sum);
    else {
      known.add(sum.sum);
      known.add(sum.compensation);
    }
  }
  return result;
}

/**
 * A mean of histograms: sum by number, until the sum would overflow; an incremental mean from there on, as Prometheus
 * averages floats too.
 */
export class HistogramMean {
  private state: HistogramSum;
  private incremental = false;
  private number = 1;

  constructor(first: FloatHistogram) {
    this.state = new HistogramSum(first);
  }

  add(
    histogram: FloatHistogram,
    divide: (histogram: FloatHistogram, by: number) => FloatHistogram,
  ): { readonly reconciled: boolean } | undefined {
    this.number++;
    if (!this.incremental) {
      const next = this.state.clone();
      const added = next.add(histogram);
      if (added === undefined || !next.overflows) {
        this.state = next;
        return added;
      }
      this.incremental = true;
      this.state.divide(this.number - 1);
    }
    this.state.scale((this.number - 1) / this.number);
    return this.state.add(divide(histogram, this.number));
  }

  result(withoutEmpty: boolean): FloatHistogram {
    return this.state.result(withoutEmpty, this.incremental ? 1 : this.number);
  }
}
