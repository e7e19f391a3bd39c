/**
 * Prometheus ends a series with a NaN of its own bit pattern, the stale marker 0x7ff0000000000002. A JavaScript number
 * does not keep the bits of a NaN, so markers are written and recognised in place, through the words of the array.
 */
const STALE_HIGH = 0x7ff00000;
const STALE_LOW = 0x00000002;

/** True if the sample at `index` is a stale marker; a plain NaN is not. */
export function isStale(values: Float64Array, index: number): boolean {
  if (!Number.isNaN(values[index])) return false;
  const words = new Uint32Array(values.buffer, values.byteOffset + index * 8, 2);
  return words[0] === STALE_LOW && words[1] === STALE_HIGH;
}

/** Writes a stale marker at `index`. */
export function writeStale(values: Float64Array, index: number): void {
  const words = new Uint32Array(values.buffer, values.byteOffset + index * 8, 2);
  words[0] = STALE_LOW;
  words[1] = STALE_HIGH;
}

/** Copies one sample bit by bit, so that a stale marker stays one. */
export function copySample(from: Float64Array, fromIndex: number, to: Float64Array, toIndex: number): void {
  const value = from[fromIndex];
  if (Number.isNaN(value) && isStale(from, fromIndex)) writeStale(to, toIndex);
  else to[toIndex] = value;
}
