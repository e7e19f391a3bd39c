import { Labels, type FloatHistogram } from '@opsroom/promql';
import { bucketsIn, readLayout, writeLayout } from '../blocks/histogram-codec.js';
import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import type { StoredSeries } from '../head/head.js';

/** What a record of the log says. Late samples are those that were older than their series' newest one when they came. */
export const RecordType = {
  series: 1,
  samples: 2,
  lateSamples: 3,
  sealed: 4,
  lateSealed: 5,
  deleted: 6,
  forgotten: 7,
  histograms: 8,
  lateHistograms: 9,
} as const;

export type RecordType = (typeof RecordType)[keyof typeof RecordType];

/** Samples as columns; the first `count` entries of each. */
export interface SampleBatch {
  readonly refs: Uint32Array;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly count: number;
}

export function writeSeries(series: readonly StoredSeries[], out: ByteWriter): void {
  out.varint(series.length);
  for (const { ref, source, labels } of series) {
    out.varint(ref);
    out.text(source);
    out.varint(labels.size);
    for (let i = 0; i < labels.size; i++) {
      out.text(labels.names[i]);
      out.text(labels.values[i]);
    }
  }
}

export function readSeries(reader: ByteReader): StoredSeries[] {
  const series: StoredSeries[] = [];
  for (let left = reader.varint(); left > 0; left--) {
    const ref = reader.varint();
    const source = reader.text();
    const names: string[] = [];
    const values: string[] = [];
    for (let pairs = reader.varint(); pairs > 0; pairs--) {
      names.push(reader.text());
      values.push(reader.text());
    }
    series.push({ ref, source, labels: Labels.fromSorted(names, values) });
  }
  return series;
}

/** References and values as they lie in memory, timestamps as runs of equal ones: a batch mostly has a single one. */
export function writeSamples({ refs, timestamps, values, count }: SampleBatch, out: ByteWriter): void {
  out.varint(count);
  out.raw(new Uint8Array(refs.buffer, refs.byteOffset, count * 4));
  for (let i = 0; i < count;) {
    const timestampMs = timestamps[i];
    let end = i + 1;
    while (end < count && timestamps[end] === timestampMs) end++;
    out.varint(end - i);
    out.float64(timestampMs);
    i = end;
  }
  out.raw(new Uint8Array(values.buffer, values.byteOffset, count * 8));
}

export function readSamples(reader: ByteReader): SampleBatch {
  const count = reader.varint();
  const refs = new Uint32Array(reader.copy(count * 4));
  const timestamps = new Float64Array(count);
  for (let i = 0; i < count;) {
    const run = reader.varint();
    if (run === 0 || i + run > count) throw new RangeError('A run of timestamps does not fit its record');
    timestamps.fill(reader.float64(), i, i + run);
    i += run;
  }
  const values = new Float64Array(reader.copy(count * 8));
  return { refs, timestamps, values, count };
}

export interface HistogramSample {
  readonly ref: number;
  readonly timestampMs: number;
  readonly histogram: FloatHistogram;
}

export function writeHistograms(samples: readonly HistogramSample[], out: ByteWriter): void {
  out.varint(samples.length);
  for (const { ref, timestampMs, histogram } of samples) {
    out.varint(ref);
    out.float64(timestampMs);
    writeLayout(histogram, out);
    out.float64(histogram.sum);
    out.float64(histogram.zeroCount);
    out.float64(histogram.count);
    for (const bucket of histogram.positiveBuckets) out.float64(bucket);
    for (const bucket of histogram.negativeBuckets) out.float64(bucket);
  }
}

export function readHistograms(reader: ByteReader): HistogramSample[] {
  const samples: HistogramSample[] = [];
  for (let left = reader.varint(); left > 0; left--) {
    const ref = reader.varint();
    const timestampMs = reader.float64();
    const layout = readLayout(reader);
    const sum = reader.float64();
    const zeroCount = reader.float64();
    const count = reader.float64();
    const read = (): number => reader.float64();
    const positiveBuckets = Array.from({ length: bucketsIn(layout.positiveSpans) }, read);
    const negativeBuckets = Array.from({ length: bucketsIn(layout.negativeSpans) }, read);
    samples.push({
      ref,
      timestampMs,
      histogram: { ...layout, sum, zeroCount, count, positiveBuckets, negativeBuckets },
    });
  }
  return samples;
}

/** Which samples of `main` went to a block: by series, up to when. */
export interface Sealed {
  readonly ref: number;
  readonly throughMs: number;
}

export function writeSealed(sealed: readonly Sealed[], out: ByteWriter): void {
  out.varint(sealed.length);
  for (const { ref, throughMs } of sealed) {
    out.varint(ref);
    out.float64(throughMs);
  }
}

export function readSealed(reader: ByteReader): Sealed[] {
  return Array.from({ length: reader.varint() }, () => ({ ref: reader.varint(), throughMs: reader.float64() }));
}

export interface Deletion {
  readonly ref: number;
  readonly startMs: number;
  readonly endMs: number;
}

export function writeDeletions(deletions: readonly Deletion[], out: ByteWriter): void {
  out.varint(deletions.length);
  for (const { ref, startMs, endMs } of deletions) {
    out.varint(ref);
    out.float64(startMs);
    out.float64(endMs);
  }
}

export function readDeletions(reader: ByteReader): Deletion[] {
  return Array.from({ length: reader.varint() }, () => ({
    ref: reader.varint(),
    startMs: reader.float64(),
    endMs: reader.float64(),
  }));
}

export function writeRefs(refs: readonly number[], out: ByteWriter): void {
  out.varint(refs.length);
  for (const ref of refs) out.varint(ref);
}

export function readRefs(reader: ByteReader): number[] {
  return Array.from({ length: reader.varint() }, () => reader.varint());
}
