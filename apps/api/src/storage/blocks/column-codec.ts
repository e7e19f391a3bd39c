import type { ByteReader } from '../bytes/byte-reader.js';
import type { ByteWriter } from '../bytes/byte-writer.js';

/*
 * One column of float64 (values or timestamps) in few bytes, bit for bit: NaN payloads, -0 and infinities come back as they were.
 *
 * Most measured values are decimal fractions with few digits, or counts. The column is scaled by the smallest power of ten that
 * makes its entries whole, and the differences (or the differences of those) are written as zigzag varints, divided by their
 * greatest common divisor. Entries that no power of ten makes whole are written raw beside it; where there are many, the whole column is.
 *
 *   header  bits 0-3: exponent of ten, or CONSTANT, or RAW; bit 4: second differences; 5: exceptions; 6: divisor; 7: runs of zero
 *   RAW       8 bytes an entry
 *   CONSTANT  8 bytes, for all entries
 *   else      [exceptions: count, then (gap, 8 bytes) each] first entry, [divisor], differences
 *             with runs of zero: each zero is followed by how many more zeros come after it
 */
const CONSTANT = 14;
const RAW = 15;
const SECOND_ORDER = 16;
const EXCEPTIONS = 32;
const DIVISOR = 64;
const ZERO_RUNS = 128;

const MAX_EXPONENT = 9;
const POWERS = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
/** Whole numbers up to here keep exact differences, also of second order, in a float64. */
const MAX_WHOLE = 2 ** 50;
const MAX_DIFFERENCE = 2 ** 52;

let whole = new Float64Array(256);

/** Writes entries `from` to `to` (exclusive, at least one) of a column. */
export function encodeColumn(column: Float64Array, from: number, to: number, out: ByteWriter): void {
  const count = to - from;
  if (isConstant(column, from, to)) {
    out.byte(CONSTANT);
    out.float64At(column, from);
    return;
  }
  if (whole.length < count) whole = new Float64Array(count * 2);
  const exponent = commonExponent(column, from, to);
  const exceptions = exponent < 0 ? undefined : scale(column, from, to, POWERS[exponent]);
  if (exceptions === undefined) {
    out.byte(RAW);
    out.raw(new Uint8Array(column.buffer, column.byteOffset + from * 8, count * 8));
    return;
  }
  const divisor = divisorOfDifferences(count);
  const shape = chooseShape(count, divisor);
  const flags = shape.flags | (exceptions.length > 0 ? EXCEPTIONS : 0) | (divisor > 1 ? DIVISOR : 0);
  out.byte(exponent | flags);
  if (exceptions.length > 0) {
    out.varint(exceptions.length);
    let previous = 0;
    for (const index of exceptions) {
      out.varint(index - previous);
      out.float64At(column, from + index);
      previous = index;
    }
  }
  out.signed(whole[0]);
  if (divisor > 1) out.varint(divisor);
  writeDifferences(count, divisor, flags, out);
}

/** Reads `count` entries into `out` from index `at` on. */
export function decodeColumn(reader: ByteReader, count: number, out: Float64Array, at: number): void {
  const header = reader.byte();
  const exponent = header & 15;
  if (exponent === RAW) {
    new Uint8Array(out.buffer, out.byteOffset + at * 8, count * 8).set(reader.raw(count * 8));
    return;
  }
  if (exponent === CONSTANT) {
    const bytes = reader.raw(8);
    const target = new Uint8Array(out.buffer, out.byteOffset + at * 8, count * 8);
    target.set(bytes);
    for (let filled = 8; filled < target.length; filled *= 2) target.copyWithin(filled, 0, target.length - filled);
    return;
  }
  if (exponent > MAX_EXPONENT) throw new RangeError('A column has an unknown form');
  const exceptionsAt = header & EXCEPTIONS ? skipExceptions(reader) : undefined;
  readDifferences(reader, header, count, POWERS[exponent], out, at);
  if (exceptionsAt) restoreExceptions(exceptionsAt, count, out, at);
}

function isConstant(column: Float64Array, from: number, to: number): boolean {
  if (!Object.is(column[to - 1], column[from])) return false;
  const words = new Uint32Array(column.buffer, column.byteOffset + from * 8, (to - from) * 2);
  for (let i = 2; i < words.length; i += 2) if (words[i] !== words[0] || words[i + 1] !== words[1]) return false;
  return true;
}

/** The power of ten that makes most entries whole; -1 when more than one in eight stays broken. */
function commonExponent(column: Float64Array, from: number, to: number): number {
  let exponent = 0;
  let broken = 0;
  for (let i = from; i < to; i++) {
    const value = column[i];
    let e = exponent;
    while (e <= MAX_EXPONENT && Math.round(value * POWERS[e]) / POWERS[e] !== value) e++;
    if (e <= MAX_EXPONENT) exponent = e;
    else if (++broken * 8 > to - from) return -1;
  }
  return exponent;
}

/** Fills `whole`, an exception repeating the entry before it. The exceptions' indexes; undefined when there are too many. */
function scale(column: Float64Array, from: number, to: number, power: number): number[] | undefined {
  const exceptions: number[] = [];
  let previous = 0;
  for (let i = from; i < to; i++) {
    const value = column[i];
    const scaled = Math.round(value * power);
    if (Math.abs(scaled) < MAX_WHOLE && scaled / power === value && !Object.is(value, -0)) {
      previous = scaled + 0;
    } else {
      exceptions.push(i - from);
      if (exceptions.length * 8 > to - from) return undefined;
    }
    whole[i - from] = previous;
  }
  return exceptions;
}

function divisorOfDifferences(count: number): number {
  let divisor = 0;
  for (let i = 1; i < count && divisor !== 1; i++) {
    let a = Math.abs(whole[i] - whole[i - 1]);
    if (a === 0) continue;
    while (divisor !== 0) {
      const rest = a % divisor;
      a = divisor;
      divisor = rest;
    }
    divisor = a;
  }
  return divisor === 0 ? 1 : divisor;
}

/** First or second differences, zeros as runs or not: whatever takes the fewest bytes. */
function chooseShape(count: number, divisor: number): { flags: number } {
  const first = { bytes: 0, zeros: 0, runs: 0, last: 1 };
  const second = { bytes: 0, zeros: 0, runs: 0, last: 1 };
  let previous = 0;
  for (let i = 1; i < count; i++) {
    const difference = (whole[i] - whole[i - 1]) / divisor;
    tally(first, difference);
    tally(second, difference - previous);
    previous = difference;
  }
  const firstBytes = first.bytes - Math.max(0, first.zeros - 2 * first.runs);
  const secondBytes = second.bytes - Math.max(0, second.zeros - 2 * second.runs);
  const useSecond = secondBytes < firstBytes;
  const chosen = useSecond ? second : first;
  return { flags: (useSecond ? SECOND_ORDER : 0) | (chosen.zeros > 2 * chosen.runs ? ZERO_RUNS : 0) };
}

function tally(sum: { bytes: number; zeros: number; runs: number; last: number }, difference: number): void {
  if (difference === 0) {
    sum.zeros++;
    if (sum.last !== 0) sum.runs++;
  }
  sum.last = difference;
  const size = Math.abs(difference);
  sum.bytes += size < 64 ? 1 : size < 8192 ? 2 : size < 1_048_576 ? 3 : size < MAX_DIFFERENCE ? 5 : Infinity;
}

function writeDifferences(count: number, divisor: number, flags: number, out: ByteWriter): void {
  const second = (flags & SECOND_ORDER) !== 0;
  const runs = (flags & ZERO_RUNS) !== 0;
  let previous = 0;
  let zeros = 0;
  for (let i = 1; i < count; i++) {
    const difference = (whole[i] - whole[i - 1]) / divisor;
    const written = second ? difference - previous : difference;
    previous = difference;
    if (runs && written === 0) {
      if (zeros === 0) out.byte(0);
      zeros++;
      continue;
    }
    if (zeros > 0) out.varint(zeros - 1);
    zeros = 0;
    out.signed(written);
  }
  if (zeros > 0) out.varint(zeros - 1);
}

function readDifferences(
  reader: ByteReader,
  header: number,
  count: number,
  power: number,
  out: Float64Array,
  at: number,
): void {
  let value = reader.signed();
  const divisor = header & DIVISOR ? reader.varint() : 1;
  const second = (header & SECOND_ORDER) !== 0;
  const runs = (header & ZERO_RUNS) !== 0;
  out[at] = value / power;
  let difference = 0;
  let zeros = 0;
  for (let i = 1; i < count; i++) {
    let read = 0;
    if (zeros > 0) zeros--;
    else {
      read = reader.signed();
      if (runs && read === 0) zeros = reader.varint();
    }
    difference = second ? difference + read : read;
    value += difference * divisor;
    out[at + i] = value / power;
  }
}

interface Exceptions {
  readonly indexes: readonly number[];
  readonly bytes: readonly Uint8Array[];
}

function skipExceptions(reader: ByteReader): Exceptions {
  const count = reader.varint();
  const indexes: number[] = [];
  const bytes: Uint8Array[] = [];
  let index = 0;
  for (let i = 0; i < count; i++) {
    index += reader.varint();
    indexes.push(index);
    bytes.push(reader.raw(8));
  }
  return { indexes, bytes };
}

function restoreExceptions(exceptions: Exceptions, count: number, out: Float64Array, at: number): void {
  exceptions.indexes.forEach((index, i) => {
    if (index >= count) throw new RangeError('A column has an exception outside itself');
    new Uint8Array(out.buffer, out.byteOffset + (at + index) * 8, 8).set(exceptions.bytes[i]);
  });
}
