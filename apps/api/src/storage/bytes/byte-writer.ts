/** Bytes that grow as they are written; reused from one record to the next by `clear`. Numbers are little-endian. */
export class ByteWriter {
  private bytes: Uint8Array;
  private view: DataView;
  private used = 0;

  constructor(capacity = 1024) {
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  get length(): number {
    return this.used;
  }

  clear(): void {
    this.used = 0;
  }

  /** What was written so far; valid until the next write. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.used);
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.used++] = value;
  }

  uint32(value: number): void {
    this.reserve(4);
    this.view.setUint32(this.used, value, true);
    this.used += 4;
  }

  /** Overwrites four bytes that were written before, for lengths and sums that are known only afterwards. */
  patchUint32(at: number, value: number): void {
    this.view.setUint32(at, value, true);
  }

  /** Eight bits-exact bytes of a column's entry: a NaN keeps its payload, since the number itself is never loaded. */
  float64At(column: Float64Array, index: number): void {
    this.raw(new Uint8Array(column.buffer, column.byteOffset + index * 8, 8));
  }

  float64(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.used, value, true);
    this.used += 8;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.used);
    this.used += bytes.length;
  }

  text(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** A whole number from 0 to 2^53 in groups of seven bits, lowest first. */
  varint(value: number): void {
    this.reserve(8);
    const { bytes } = this;
    let at = this.used;
    let rest = value;
    while (rest >= 0x1_0000_0000) {
      bytes[at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    let word = rest >>> 0;
    while (word >= 128) {
      bytes[at++] = (word & 127) | 128;
      word >>>= 7;
    }
    bytes[at++] = word;
    this.used = at;
  }

  /** A whole number of either sign, magnitude below 2^52: zigzag, then `varint`. */
  signed(value: number): void {
    this.varint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  private reserve(more: number): void {
    if (this.used + more <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.used + more));
    grown.set(this.bytes.subarray(0, this.used));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}
