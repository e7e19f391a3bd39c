import { copySample, type FloatHistogram } from '@opsroom/promql';
import type { HistogramSample, SampleBatch } from './log/log-records.js';
import type { AppendInput } from './store.js';

/** What the log gets of one append. */
export interface LogParts {
  readonly floats: SampleBatch;
  readonly lateFloats: SampleBatch;
  readonly histograms: readonly HistogramSample[];
  readonly lateHistograms: readonly HistogramSample[];
}

const nothing: SampleBatch = {
  refs: new Uint32Array(0),
  timestamps: new Float64Array(0),
  values: new Float64Array(0),
  count: 0,
};

/** The samples of one append that got in, as columns that the next append uses again. */
export class CommitColumns {
  refs = new Uint32Array(1024);
  timestamps = new Float64Array(1024);
  values = new Float64Array(1024);
  histograms: (FloatHistogram | undefined)[] | undefined;
  count = 0;
  minMs = Infinity;
  maxMs = -Infinity;
  /** Indexes of the samples that were older than their series' newest. */
  private late: number[] = [];

  get outOfOrder(): boolean {
    return this.late.length > 0;
  }

  clear(capacity: number): void {
    this.count = 0;
    this.minMs = Infinity;
    this.maxMs = -Infinity;
    this.late = [];
    this.histograms = undefined;
    if (capacity <= this.refs.length) return;
    this.refs = new Uint32Array(capacity * 2);
    this.timestamps = new Float64Array(capacity * 2);
    this.values = new Float64Array(capacity * 2);
  }

  /** Takes entry `index`; `histogram` as it was kept. */
  add(input: AppendInput, index: number, histogram: FloatHistogram | undefined, late: boolean): void {
    const at = this.count++;
    const timestampMs = input.timestamps[index];
    this.refs[at] = input.refs[index];
    this.timestamps[at] = timestampMs;
    if (histogram) {
      this.values[at] = NaN;
      (this.histograms ??= [])[at] = histogram;
    } else {
      copySample(input.values, index, this.values, at);
    }
    if (timestampMs < this.minMs) this.minMs = timestampMs;
    if (timestampMs > this.maxMs) this.maxMs = timestampMs;
    if (late) this.late.push(at);
  }

  /** By what the log keeps apart. Nearly always everything is floats in order, which are not copied. */
  split(): LogParts {
    if (this.late.length === 0 && !this.histograms) {
      return { floats: this, lateFloats: nothing, histograms: [], lateHistograms: [] };
    }
    const late = new Set(this.late);
    const pick = (wanted: boolean): { floats: number[]; histograms: HistogramSample[] } => {
      const floats: number[] = [];
      const histograms: HistogramSample[] = [];
      for (let i = 0; i < this.count; i++) {
        if (late.has(i) !== wanted) continue;
        const histogram = this.histograms?.[i];
        if (histogram) histograms.push({ ref: this.refs[i], timestampMs: this.timestamps[i], histogram });
        else floats.push(i);
      }
      return { floats, histograms };
    };
    const inOrder = pick(false);
    const outOfOrder = pick(true);
    return {
      floats: this.gather(inOrder.floats),
      lateFloats: this.gather(outOfOrder.floats),
      histograms: inOrder.histograms,
      lateHistograms: outOfOrder.histograms,
    };
  }

  private gather(indexes: readonly number[]): SampleBatch {
    const values = new Float64Array(indexes.length);
    indexes.forEach((index, i) => copySample(this.values, index, values, i));
    return {
      refs: Uint32Array.from(indexes, (index) => this.refs[index]),
      timestamps: Float64Array.from(indexes, (index) => this.timestamps[index]),
      values,
      count: indexes.length,
    };
  }
}
