import type { FloatHistogram } from '@opsroom/promql';
import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { decodeColumn, encodeColumn } from './column-codec.js';
import { decodeHistograms, encodeHistograms } from './histogram-codec.js';

/*
 * A block holds a stretch of samples of up to a few hundred series that were sealed together, most often neighbours of one
 * scrape, so that they share their timestamps. It is stored in two parts, so that one series is found without the rest:
 *
 *   directory  version, number of time columns, of each (samples, bytes); number of series, of each
 *              (reference's gap to the one before, time column * 2 + 1 if histograms, bytes)
 *   data       the time columns, then the value columns, in the directory's order
 */
const VERSION = 1;

/** What is sealed of one series: entries `from` to `to` of its columns. In a block each reference stands once, ascending. */
export interface Piece {
  readonly ref: number;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly histograms: readonly (FloatHistogram | undefined)[] | undefined;
  readonly from: number;
  readonly to: number;
}

export interface EncodedBlock {
  readonly directory: Uint8Array;
  readonly data: Uint8Array;
  readonly startMs: number;
  readonly endMs: number;
  readonly firstRef: number;
  readonly lastRef: number;
  readonly samples: number;
}

/** Writes pieces that are sorted by reference, none empty. */
export function encodeBlock(pieces: readonly Piece[]): EncodedBlock {
  const times = new ByteWriter(4096);
  const values = new ByteWriter(32_768);
  const timeColumns: { piece: Piece; bytes: number }[] = [];
  const entries: { gap: number; column: number; bytes: number }[] = [];
  let previousRef = 0;
  let startMs = Infinity;
  let endMs = -Infinity;
  let samples = 0;
  for (const piece of pieces) {
    let column = timeColumns.findLastIndex((known) => sameTimes(known.piece, piece));
    if (column < 0) {
      const before = times.length;
      encodeColumn(piece.timestamps, piece.from, piece.to, times);
      column = timeColumns.push({ piece, bytes: times.length - before }) - 1;
    }
    const before = values.length;
    const histograms = piece.histograms?.slice(piece.from, piece.to).some((histogram) => histogram !== undefined);
    if (histograms) encodeHistograms(piece, values);
    else encodeColumn(piece.values, piece.from, piece.to, values);
    entries.push({
      gap: piece.ref - previousRef,
      column: column * 2 + (histograms ? 1 : 0),
      bytes: values.length - before,
    });
    previousRef = piece.ref;
    startMs = Math.min(startMs, piece.timestamps[piece.from]);
    endMs = Math.max(endMs, piece.timestamps[piece.to - 1]);
    samples += piece.to - piece.from;
  }
  const directory = new ByteWriter(entries.length * 4 + 16);
  directory.byte(VERSION);
  directory.varint(timeColumns.length);
  for (const { piece, bytes } of timeColumns) {
    directory.varint(piece.to - piece.from);
    directory.varint(bytes);
  }
  directory.varint(entries.length);
  for (const { gap, column, bytes } of entries) {
    directory.varint(gap);
    directory.varint(column);
    directory.varint(bytes);
  }
  return {
    directory: directory.written(),
    data: Buffer.concat([times.written(), values.written()]),
    startMs,
    endMs,
    firstRef: pieces[0].ref,
    lastRef: previousRef,
    samples,
  };
}

/** Few columns of a block differ, and those mostly in their first entry: the comparison ends early. */
function sameTimes(a: Piece, b: Piece): boolean {
  const count = b.to - b.from;
  if (a.to - a.from !== count) return false;
  for (let i = 0; i < count; i++) if (a.timestamps[a.from + i] !== b.timestamps[b.from + i]) return false;
  return true;
}

/** One series' samples out of a block. Read-only: series with the same times share the column. */
export interface BlockSamples {
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly histograms: readonly (FloatHistogram | undefined)[] | undefined;
}

/** A block's directory in memory: what it holds, and where. */
export class Directory {
  readonly refs: Uint32Array;
  private readonly columns: Uint32Array;
  private readonly offsets: Uint32Array;
  private readonly timeCounts: number[] = [];
  private readonly timeOffsets: number[] = [0];

  /** Throws `RangeError` for bytes that are no directory. */
  constructor(bytes: Uint8Array) {
    const reader = new ByteReader(bytes);
    const version = reader.byte();
    if (version !== VERSION) throw new RangeError(`A block has the unknown form ${version}`);
    const timeColumns = reader.varint();
    let offset = 0;
    for (let i = 0; i < timeColumns; i++) {
      this.timeCounts.push(reader.varint());
      offset += reader.varint();
      this.timeOffsets.push(offset);
    }
    const count = reader.varint();
    if (count > bytes.length) throw new RangeError('A block names more series than it has bytes');
    this.refs = new Uint32Array(count);
    this.columns = new Uint32Array(count);
    this.offsets = new Uint32Array(count + 1);
    let ref = 0;
    for (let i = 0; i < count; i++) {
      this.refs[i] = ref += reader.varint();
      this.columns[i] = reader.varint();
      this.offsets[i] = offset;
      offset += reader.varint();
    }
    this.offsets[count] = offset;
  }

  get bytes(): number {
    return this.refs.length * 12 + this.timeCounts.length * 16;
  }

  /** Where a series stands; -1 when it is not in the block. */
  indexOf(ref: number): number {
    let low = 0;
    let high = this.refs.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      if (this.refs[middle] === ref) return middle;
      if (this.refs[middle] < ref) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  timeColumnOf(index: number): number {
    return this.columns[index] >>> 1;
  }

  decodeTimes(data: Uint8Array, column: number): Float64Array {
    const times = new Float64Array(this.timeCounts[column]);
    decodeColumn(new ByteReader(data, this.timeOffsets[column], this.timeOffsets[column + 1]), times.length, times, 0);
    return times;
  }

  decodeValues(data: Uint8Array, index: number, timestamps: Float64Array): BlockSamples {
    const reader = new ByteReader(data, this.offsets[index], this.offsets[index + 1]);
    const values = new Float64Array(timestamps.length);
    if (this.columns[index] & 1) return { timestamps, values, histograms: decodeHistograms(reader, values) };
    decodeColumn(reader, values.length, values, 0);
    return { timestamps, values, histograms: undefined };
  }
}
