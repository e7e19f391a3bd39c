import { type BucketSpan, type CounterResetHint, type FloatHistogram, isStale } from '@opsroom/promql';
import { FIXED64, LENGTH, WireError, type WireReader } from './wire.js';

const HINTS: readonly CounterResetHint[] = ['unknown', 'reset', 'not_reset', 'gauge'];

/** A histogram of a series; undefined for `histogram` where it is the stale marker that ends the series. */
export interface DecodedHistogram {
  readonly timestampMs: number;
  readonly histogram: FloatHistogram | undefined;
}

/**
 * A `Histogram` message (prompb/types.proto) up to `end`. Integer histograms become float ones: their bucket deltas are summed up.
 * Throws `WireError` for one whose spans and buckets do not agree.
 */
export function decodeHistogram(reader: WireReader, end: number): DecodedHistogram {
  const sum = new Float64Array(1);
  let count = 0;
  let zeroCount = 0;
  let schema = 0;
  let zeroThreshold = 0;
  let hint = 0;
  let timestampMs = 0;
  const positive: Side = { spans: [], deltas: [], counts: [] };
  const negative: Side = { spans: [], deltas: [], counts: [] };
  const customValues: number[] = [];
  while (reader.at < end) {
    const tag = reader.varint();
    switch (tag) {
      case 8:
        count = reader.varint();
        break;
      case 17:
        count = reader.double();
        break;
      case 25:
        reader.doubleTo(sum, 0);
        break;
      case 32:
        schema = reader.zigzag();
        break;
      case 41:
        zeroThreshold = reader.double();
        break;
      case 48:
        zeroCount = reader.varint();
        break;
      case 57:
        zeroCount = reader.double();
        break;
      case 112:
        hint = reader.varint();
        break;
      case 120:
        timestampMs = reader.int64();
        break;
      default:
        if (!decodeSide(reader, tag, 8, negative) && !decodeSide(reader, tag, 11, positive)) {
          if (tag >>> 3 === 16) decodeDoubles(reader, tag, customValues);
          else reader.skip(tag & 7);
        }
    }
  }
  if (isStale(sum, 0)) return { timestampMs, histogram: undefined };
  const positiveBuckets = bucketsOf(positive);
  const negativeBuckets = bucketsOf(negative);
  return {
    timestampMs,
    histogram: {
      schema,
      zeroThreshold,
      zeroCount,
      count,
      sum: sum[0],
      positiveSpans: positive.spans,
      negativeSpans: negative.spans,
      positiveBuckets,
      negativeBuckets,
      ...(customValues.length > 0 || schema === -53 ? { customValues } : {}),
      counterResetHint: HINTS[hint] ?? 'unknown',
    },
  };
}

interface Side {
  readonly spans: BucketSpan[];
  readonly deltas: number[];
  readonly counts: number[];
}

/** Spans, deltas and counts of one side have the fields `first`, `first + 1` and `first + 2`. True if the field was one of them. */
function decodeSide(reader: WireReader, tag: number, first: number, side: Side): boolean {
  const field = tag >>> 3;
  const kind = tag & 7;
  if (field === first && kind === LENGTH) side.spans.push(decodeSpan(reader));
  else if (field === first + 1) decodeDeltas(reader, kind, side.deltas);
  else if (field === first + 2) decodeDoubles(reader, tag, side.counts);
  else return false;
  return true;
}

function decodeSpan(reader: WireReader): BucketSpan {
  const end = reader.lengthEnd();
  const outer = reader.end;
  reader.end = end;
  let offset = 0;
  let length = 0;
  while (reader.at < end) {
    const tag = reader.varint();
    if (tag === 8) offset = reader.zigzag();
    else if (tag === 16) length = reader.varint();
    else reader.skip(tag & 7);
  }
  reader.end = outer;
  return { offset, length };
}

/** Repeated numbers come packed into one field or one by one. */
function decodeDeltas(reader: WireReader, kind: number, out: number[]): void {
  if (kind !== LENGTH) {
    out.push(reader.zigzag());
    return;
  }
  const end = reader.lengthEnd();
  while (reader.at < end) out.push(reader.zigzag());
  if (reader.at !== end) throw new WireError('a histogram has a list of buckets that does not end where it says');
}

function decodeDoubles(reader: WireReader, tag: number, out: number[]): void {
  const kind = tag & 7;
  if (kind === FIXED64) {
    out.push(reader.double());
    return;
  }
  if (kind !== LENGTH) throw new WireError('a histogram has counts of an unknown kind');
  const end = reader.lengthEnd();
  while (reader.at < end) out.push(reader.double());
  if (reader.at !== end) throw new WireError('a histogram has a list of counts that does not end where it says');
}

function bucketsOf({ spans, deltas, counts }: Side): number[] {
  const buckets = counts.length > 0 ? counts : runningSums(deltas);
  const laidOut = spans.reduce((total, span) => total + span.length, 0);
  if (laidOut !== buckets.length) {
    throw new WireError(`a histogram has ${buckets.length} buckets where its spans lay out ${laidOut}`);
  }
  return buckets;
}

function runningSums(deltas: readonly number[]): number[] {
  let sum = 0;
  return deltas.map((delta) => (sum += delta));
}
