import type { BucketSpan, CounterResetHint, FloatHistogram } from '@opsroom/promql';
import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';
import type { Piece } from './block-format.js';
import { decodeColumn, encodeColumn } from './column-codec.js';

/*
 * Native histograms of one series. Neighbours mostly have the same layout (schema, spans, bounds), so the samples are cut into
 * runs of equal layout; within a run each number of the histograms (count, sum, each bucket) is a column of its own.
 *
 *   runs, of each: samples; 0 (floats: one column), or 1 and layout; columns sum, zero count, count, buckets
 */
const HINTS: readonly CounterResetHint[] = ['unknown', 'reset', 'not_reset', 'gauge'];

export function encodeHistograms(piece: Piece, out: ByteWriter): void {
  const runs: { from: number; to: number; histogram: FloatHistogram | undefined }[] = [];
  for (let i = piece.from; i < piece.to; i++) {
    const histogram = piece.histograms?.[i];
    const last = runs.at(-1);
    if (last && sameLayout(last.histogram, histogram)) last.to = i + 1;
    else runs.push({ from: i, to: i + 1, histogram });
  }
  out.varint(runs.length);
  for (const { from, to, histogram } of runs) {
    out.varint(to - from);
    if (!histogram) {
      out.byte(0);
      encodeColumn(piece.values, from, to, out);
      continue;
    }
    out.byte(1);
    writeLayout(histogram, out);
    const run = piece.histograms?.slice(from, to) as readonly FloatHistogram[];
    const column = new Float64Array(run.length);
    const write = (pick: (h: FloatHistogram) => number): void => {
      run.forEach((h, i) => (column[i] = pick(h)));
      encodeColumn(column, 0, column.length, out);
    };
    write((h) => h.sum);
    write((h) => h.zeroCount);
    write((h) => h.count);
    histogram.positiveBuckets.forEach((_, bucket) => write((h) => h.positiveBuckets[bucket]));
    histogram.negativeBuckets.forEach((_, bucket) => write((h) => h.negativeBuckets[bucket]));
  }
}

/** Fills `values` (NaN where there is a histogram) and gives the histograms by the same index. */
export function decodeHistograms(reader: ByteReader, values: Float64Array): (FloatHistogram | undefined)[] {
  const histograms: (FloatHistogram | undefined)[] = [];
  const runs = reader.varint();
  let at = 0;
  for (let run = 0; run < runs; run++) {
    const count = reader.varint();
    if (count === 0 || at + count > values.length) throw new RangeError('A run of histograms does not fit its block');
    if (reader.byte() === 0) {
      decodeColumn(reader, count, values, at);
      for (let i = 0; i < count; i++) histograms.push(undefined);
    } else {
      values.fill(NaN, at, at + count);
      histograms.push(...readRun(reader, count));
    }
    at += count;
  }
  return histograms;
}

function readRun(reader: ByteReader, count: number): FloatHistogram[] {
  const layout = readLayout(reader);
  const read = (): Float64Array => {
    const column = new Float64Array(count);
    decodeColumn(reader, count, column, 0);
    return column;
  };
  const sums = read();
  const zeroCounts = read();
  const counts = read();
  const positive = Array.from({ length: bucketsIn(layout.positiveSpans) }, read);
  const negative = Array.from({ length: bucketsIn(layout.negativeSpans) }, read);
  return Array.from({ length: count }, (_, i) => ({
    ...layout,
    sum: sums[i],
    zeroCount: zeroCounts[i],
    count: counts[i],
    positiveBuckets: positive.map((column) => column[i]),
    negativeBuckets: negative.map((column) => column[i]),
  }));
}

function sameLayout(a: FloatHistogram | undefined, b: FloatHistogram | undefined): boolean {
  if (!a || !b) return a === b;
  return (
    a.schema === b.schema &&
    a.zeroThreshold === b.zeroThreshold &&
    a.counterResetHint === b.counterResetHint &&
    sameSpans(a.positiveSpans, b.positiveSpans) &&
    sameSpans(a.negativeSpans, b.negativeSpans) &&
    a.customValues?.length === b.customValues?.length &&
    (a.customValues ?? []).every((bound, i) => bound === b.customValues?.[i])
  );
}

function sameSpans(a: readonly BucketSpan[], b: readonly BucketSpan[]): boolean {
  return a.length === b.length && a.every((span, i) => span.offset === b[i].offset && span.length === b[i].length);
}

export function bucketsIn(spans: readonly BucketSpan[]): number {
  return spans.reduce((total, span) => total + span.length, 0);
}

export function writeLayout(histogram: FloatHistogram, out: ByteWriter): void {
  out.signed(histogram.schema);
  out.byte(HINTS.indexOf(histogram.counterResetHint));
  out.float64(histogram.zeroThreshold);
  for (const spans of [histogram.positiveSpans, histogram.negativeSpans]) {
    out.varint(spans.length);
    for (const span of spans) {
      out.signed(span.offset);
      out.varint(span.length);
    }
  }
  out.varint(histogram.customValues === undefined ? 0 : histogram.customValues.length + 1);
  for (const bound of histogram.customValues ?? []) out.float64(bound);
}

type Layout = Pick<
  FloatHistogram,
  'schema' | 'counterResetHint' | 'zeroThreshold' | 'positiveSpans' | 'negativeSpans' | 'customValues'
>;

export function readLayout(reader: ByteReader): Layout {
  const schema = reader.signed();
  const hint = HINTS[reader.byte()];
  if (hint === undefined) throw new RangeError('A histogram has an unknown counter reset hint');
  const zeroThreshold = reader.float64();
  const positiveSpans = readSpans(reader);
  const negativeSpans = readSpans(reader);
  const bounds = reader.varint();
  const layout = { schema, counterResetHint: hint, zeroThreshold, positiveSpans, negativeSpans };
  if (bounds === 0) return layout;
  return { ...layout, customValues: Array.from({ length: checked(bounds - 1, reader) }, () => reader.float64()) };
}

function readSpans(reader: ByteReader): BucketSpan[] {
  const spans = Array.from({ length: checked(reader.varint(), reader) }, () => ({
    offset: reader.signed(),
    length: reader.varint(),
  }));
  checked(bucketsIn(spans), reader);
  return spans;
}

/** A count that the remaining bytes can hold, so that damage cannot ask for endless memory. */
function checked(count: number, reader: ByteReader): number {
  if (count > reader.remaining) throw new RangeError('A histogram has more parts than its bytes can hold');
  return count;
}
