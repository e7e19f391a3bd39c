import { copySample, type FloatHistogram } from '@opsroom/promql';
import { withoutHint } from './reset-hint.js';

const INITIAL_CAPACITY = 16;
/** Columns have as many initial capacities, in turn: those that are written together do not all grow at the same sample. */
const CAPACITIES = 16;
const GROWTH = 1.5;
/** Columns move within their capacity when this share of it is dead, and grow otherwise. */
const DEAD_SHARE = 1 / 8;

let made = 0;

/**
 * Samples of one series, ordered by time without duplicates, in growing columns. Entries `from` to `to` (exclusive) are alive.
 * `histograms` is there once the series has had a native histogram; `values` holds NaN at its index.
 */
export class SampleColumns {
  timestamps: Float64Array;
  values: Float64Array;
  histograms: (FloatHistogram | undefined)[] | undefined;
  from = 0;
  to = 0;

  constructor(capacity = INITIAL_CAPACITY + (made++ % CAPACITIES)) {
    const columns = new ArrayBuffer(capacity * 16);
    this.timestamps = new Float64Array(columns, 0, capacity);
    this.values = new Float64Array(columns, capacity * 8, capacity);
  }

  get length(): number {
    return this.to - this.from;
  }

  /** Appends entry `index` of other columns; its time must be after the last one's. */
  push(timestampMs: number, values: Float64Array, index: number, histogram: FloatHistogram | undefined): void {
    if (this.to === this.timestamps.length) this.makeRoom();
    const at = this.to++;
    this.timestamps[at] = timestampMs;
    copySample(values, index, this.values, at);
    if (histogram) (this.histograms ??= [])[at] = histogram;
    else if (this.histograms) this.histograms[at] = undefined;
  }

  /** Puts an entry at `position`, moving later ones on. */
  insert(
    position: number,
    timestampMs: number,
    values: Float64Array,
    index: number,
    histogram: FloatHistogram | undefined,
  ): void {
    let at = position;
    if (this.to === this.timestamps.length) {
      const before = this.from;
      this.makeRoom();
      at += this.from - before;
    }
    this.timestamps.copyWithin(at + 1, at, this.to);
    this.values.copyWithin(at + 1, at, this.to);
    this.timestamps[at] = timestampMs;
    copySample(values, index, this.values, at);
    if (histogram) this.histograms ??= [];
    if (this.histograms) {
      this.histograms.length = this.to;
      this.histograms.splice(at, 0, histogram);
    }
    this.to++;
    this.forgetHint(at + 1);
  }

  /** Index of the first entry at or after a time; `to` when there is none. */
  lowerBound(timestampMs: number): number {
    const { timestamps } = this;
    let low = this.from;
    let high = this.to;
    // Reads mostly want the newest samples: look there before halving.
    if (high > low && timestamps[high - 1] < timestampMs) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (timestamps[middle] < timestampMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Index of the first entry after a time; `to` when there is none. */
  upperBound(timestampMs: number): number {
    const at = this.lowerBound(timestampMs);
    return at < this.to && this.timestamps[at] === timestampMs ? at + 1 : at;
  }

  /** Time of the newest entry; -Infinity when there is none. */
  get lastMs(): number {
    return this.to > this.from ? this.timestamps[this.to - 1] : -Infinity;
  }

  /** Forgets the entries before `position`, giving memory back when little is left. */
  dropBefore(position: number): void {
    this.from = position;
    const { length } = this;
    const capacity = this.timestamps.length;
    if (length * 4 > capacity || capacity < INITIAL_CAPACITY + CAPACITIES) return;
    this.resize(Math.max(INITIAL_CAPACITY, length * 2) + (capacity % CAPACITIES));
  }

  /** Forgets the entries from `start` to `end` (exclusive). */
  remove(start: number, end: number): void {
    this.timestamps.copyWithin(start, end, this.to);
    this.values.copyWithin(start, end, this.to);
    this.histograms?.splice(start, end - start);
    this.to -= end - start;
    this.forgetHint(start);
  }

  /** The entry has another one before it than when its hint was derived. */
  private forgetHint(at: number): void {
    const histogram = at < this.to ? this.histograms?.[at] : undefined;
    if (histogram && this.histograms) this.histograms[at] = withoutHint(histogram);
  }

  private makeRoom(): void {
    const capacity = this.timestamps.length;
    this.resize(this.from >= capacity * DEAD_SHARE ? capacity : Math.ceil(capacity * GROWTH));
  }

  private resize(capacity: number): void {
    const columns = new ArrayBuffer(capacity * 16);
    const timestamps = new Float64Array(columns, 0, capacity);
    const values = new Float64Array(columns, capacity * 8, capacity);
    timestamps.set(this.timestamps.subarray(this.from, this.to));
    values.set(this.values.subarray(this.from, this.to));
    this.histograms = this.histograms?.slice(this.from, this.to);
    this.timestamps = timestamps;
    this.values = values;
    this.to -= this.from;
    this.from = 0;
  }
}
