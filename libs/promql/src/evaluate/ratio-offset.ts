import type { Labels } from '../model/labels.js';

/**
 * Where a label set lies in [0, 1), evenly spread and always the same: what `limit_ratio` divides series by. The hash is
 * Prometheus's, XXH64 over each name and value with its length before it, so that both choose the same series.
 */
export function ratioOffset(labels: Labels): number {
  let offset = offsets.get(labels);
  if (offset === undefined) {
    offset = Number(xxh64(encode(labels))) / 2 ** 64;
    offsets.set(labels, offset);
  }
  return offset;
}

const offsets = new WeakMap<Labels, number>();
const encoder = new TextEncoder();

/** One byte for lengths below 255; else 255 and three bytes, the lowest first. */
function encode({ names, values }: Labels): Uint8Array {
  const parts: Uint8Array[] = [];
  const add = (text: string): void => {
    const bytes = encoder.encode(text);
    const size = bytes.length;
    parts.push(
      size < 255 ? Uint8Array.of(size) : Uint8Array.of(255, size & 255, (size >> 8) & 255, (size >> 16) & 255),
    );
    parts.push(bytes);
  };
  for (let i = 0; i < names.length; i++) {
    add(names[i]);
    add(values[i]);
  }
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const MASK = (1n << 64n) - 1n;
const P1 = 11400714785074694791n;
const P2 = 14029467366897019727n;
const P3 = 1609587929392839161n;
const P4 = 9650029242287828579n;
const P5 = 2870177450012600261n;

const multiply = (a: bigint, b: bigint): bigint => (a * b) & MASK;
const rotate = (value: bigint, bits: bigint): bigint => ((value << bits) | (value >> (64n - bits))) & MASK;
const round = (state: bigint, input: bigint): bigint => multiply(rotate((state + multiply(input, P2)) & MASK, 31n), P1);
const mergeRound = (state: bigint, value: bigint): bigint => (multiply(state ^ round(0n, value), P1) + P4) & MASK;

/** XXH64 with seed 0, see https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md. */
function xxh64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { length } = bytes;
  let at = 0;
  let hash: bigint;
  if (length >= 32) {
    let v1 = (P1 + P2) & MASK;
    let v2 = P2;
    let v3 = 0n;
    let v4 = (MASK + 1n - P1) & MASK;
    for (; at + 32 <= length; at += 32) {
      v1 = round(v1, view.getBigUint64(at, true));
      v2 = round(v2, view.getBigUint64(at + 8, true));
      v3 = round(v3, view.getBigUint64(at + 16, true));
      v4 = round(v4, view.getBigUint64(at + 24, true));
    }
    hash = (rotate(v1, 1n) + rotate(v2, 7n) + rotate(v3, 12n) + rotate(v4, 18n)) & MASK;
    for (const v of [v1, v2, v3, v4]) hash = mergeRound(hash, v);
  } else {
    hash = P5;
  }
  hash = (hash + BigInt(length)) & MASK;
  for (; at + 8 <= length; at += 8) {
    hash = (multiply(rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n), P1) + P4) & MASK;
  }
  if (at + 4 <= length) {
    hash = (multiply(rotate(hash ^ multiply(BigInt(view.getUint32(at, true)), P1), 23n), P2) + P3) & MASK;
    at += 4;
  }
  for (; at < length; at++) hash = multiply(rotate(hash ^ multiply(BigInt(bytes[at]), P5), 11n), P1);
  hash ^= hash >> 33n;
  hash = multiply(hash, P2);
  hash ^= hash >> 29n;
  hash = multiply(hash, P3);
  return hash ^ (hash >> 32n);
}
