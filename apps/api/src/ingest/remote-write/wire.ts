/** The body is not the protobuf message that it should be. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** Kinds of fields: https://protobuf.dev/programming-guides/encoding/ */
const VARINT = 0;
export const FIXED64 = 1;
export const LENGTH = 2;
const FIXED32 = 5;

/**
 * Reads protobuf fields straight from bytes, without objects. `at` moves on with each read; no read goes beyond `end`, which the
 * caller narrows for a message within the message.
 */
export class WireReader {
  at = 0;
  end = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private readonly scratch = new Float64Array(1);
  private readonly scratchBytes = new Uint8Array(this.scratch.buffer);

  reset(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.at = 0;
    this.end = bytes.length;
  }

  /** A number of up to 53 bits; larger ones lose their last bits, as any float does. Negative ones must be read by `int64`. */
  varint(): number {
    if (this.at >= this.end) throw cut(this.at);
    const { bytes } = this;
    let byte = bytes[this.at++];
    if (byte < 128) return byte;
    let value = byte & 127;
    let scale = 128;
    for (let more = 1; more < 10; more++) {
      if (this.at >= this.end) throw cut(this.at);
      byte = bytes[this.at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw new WireError(`a number at byte ${this.at} is too long`);
  }

  /** A signed number in two's complement, as int64 travels. */
  int64(): number {
    const start = this.at;
    const value = this.varint();
    // Ten groups of seven bits: the sign bit is set, and the float above has lost the low bits.
    return this.at - start < 10 ? value : this.negative(start);
  }

  /** A signed number in zigzag, as sint32 and sint64 travel. */
  zigzag(): number {
    const value = this.varint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  /** Copies eight bytes into a column's entry, bit by bit, so that a stale marker stays one. */
  doubleTo(column: Float64Array, index: number): void {
    const at = this.skipBytes(8);
    const { bytes, scratchBytes } = this;
    for (let i = 0; i < 8; i++) scratchBytes[i] = bytes[at + i];
    // Only a NaN can lose bits on its way through a number.
    if (this.scratch[0] === this.scratch[0]) column[index] = this.scratch[0];
    else new Uint8Array(column.buffer, column.byteOffset + index * 8, 8).set(scratchBytes);
  }

  double(): number {
    this.doubleTo(this.single, 0);
    return this.single[0];
  }
  private readonly single = new Float64Array(1);

  /** Reads a length and returns where that many bytes end. */
  lengthEnd(): number {
    const length = this.varint();
    if (length > this.end - this.at) throw cut(this.at);
    return this.at + length;
  }

  skip(kind: number): void {
    if (kind === VARINT) this.varint();
    else if (kind === FIXED64) this.skipBytes(8);
    else if (kind === LENGTH) this.at = this.lengthEnd();
    else if (kind === FIXED32) this.skipBytes(4);
    else throw new WireError(`a field at byte ${this.at} has the unknown kind ${kind}`);
  }

  /** A view of bytes that were read or skipped before. */
  slice(from: number, to: number): Uint8Array {
    return this.bytes.subarray(from, to);
  }

  private skipBytes(count: number): number {
    const { at } = this;
    if (count > this.end - at) throw cut(at);
    this.at = at + count;
    return at;
  }

  private negative(start: number): number {
    // Low 28 bits, middle 28 and the top 8 of the 64, each exact.
    const { bytes } = this;
    const group = (from: number, count: number): number => {
      let value = 0;
      for (let i = count - 1; i >= 0; i--) value = value * 128 + (bytes[start + from + i] & 127);
      return value;
    };
    const low = group(0, 4);
    const middle = group(4, 4);
    const top = (group(8, 2) & 255) - 256;
    return (top * 2 ** 28 + middle) * 2 ** 28 + low;
  }
}

function cut(at: number): WireError {
  return new WireError(`the message ends too early, at byte ${at}`);
}
