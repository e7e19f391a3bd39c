/**
 * "No value here" in a column of Float64: the NaN whose bits are Prometheus's stale marker, 0x7ff0000000000002. Every other
 * NaN is a value. A JavaScript number does not keep the bits of a NaN, so it is written, recognised and copied in place.
 */
const ABSENT_HIGH = 0x7ff00000;
const ABSENT_LOW = 0x00000002;
const ABSENT_BITS = 0x7ff0000000000002n;

/** True if there is no value at `index`; false for a NaN that is a value. */
export function isAbsent(values: Float64Array, index: number): boolean {
  if (!Number.isNaN(values[index])) return false;
  const words = new Uint32Array(values.buffer, values.byteOffset + index * 8, 2);
  return words[0] === ABSENT_LOW && words[1] === ABSENT_HIGH;
}

export function writeAbsent(values: Float64Array, index: number): void {
  const words = new Uint32Array(values.buffer, values.byteOffset + index * 8, 2);
  words[0] = ABSENT_LOW;
  words[1] = ABSENT_HIGH;
}

/** A column of `length` without any value. */
export function absentColumn(length: number): Float64Array<ArrayBuffer> {
  const bits = new BigUint64Array(length).fill(ABSENT_BITS);
  return new Float64Array(bits.buffer);
}

/** Copies one value with its bits. */
export function copyValue(from: Float64Array, fromIndex: number, to: Float64Array, toIndex: number): void {
  const value = from[fromIndex];
  if (Number.isNaN(value) && isAbsent(from, fromIndex)) writeAbsent(to, toIndex);
  else to[toIndex] = value;
}

/** Same value, or no value in both. Tells 0 from -0; all NaN that are values are one. */
export function sameValue(a: Float64Array, aIndex: number, b: Float64Array, bIndex: number): boolean {
  const x = a[aIndex];
  const y = b[bIndex];
  if (x === y) return x !== 0 || Object.is(x, y);
  return Number.isNaN(x) && Number.isNaN(y) && isAbsent(a, aIndex) === isAbsent(b, bIndex);
}
