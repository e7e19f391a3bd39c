/** Reads what `ByteWriter` wrote. Every read is checked: bytes that end too early throw a `RangeError`, never yield `undefined`. */
export class ByteReader {
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private position = 0,
    private readonly end = bytes.length,
  ) {
    if (position > end || end > bytes.length) throw new RangeError('The bytes end too early');
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get at(): number {
    return this.position;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  byte(): number {
    return this.bytes[this.take(1)];
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  float64(): number {
    return this.view.getFloat64(this.take(8), true);
  }

  /** Copies eight bytes into a column's entry, bit by bit. */
  float64To(column: Float64Array, index: number): void {
    const at = this.take(8);
    new Uint8Array(column.buffer, column.byteOffset + index * 8, 8).set(this.bytes.subarray(at, at + 8));
  }

  /** A view of the next bytes, not a copy. */
  raw(length: number): Uint8Array {
    const at = this.take(length);
    return this.bytes.subarray(at, at + length);
  }

  /** A copy of the next bytes in memory of their own, aligned for any typed array. */
  copy(length: number): ArrayBuffer {
    const bytes = new Uint8Array(length);
    bytes.set(this.raw(length));
    return bytes.buffer;
  }

  text(): string {
    const bytes = this.raw(this.varint());
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
  }

  varint(): number {
    let byte = this.byte();
    if (byte < 128) return byte;
    let value = byte & 127;
    let scale = 128;
    do {
      byte = this.byte();
      value += (byte & 127) * scale;
      scale *= 128;
      if (scale > 2 ** 63) throw new RangeError('A number is too long');
    } while (byte >= 128);
    return value;
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  private take(length: number): number {
    const at = this.position;
    if (length > this.end - at) throw new RangeError('The bytes end too early');
    this.position = at + length;
    return at;
  }
}
