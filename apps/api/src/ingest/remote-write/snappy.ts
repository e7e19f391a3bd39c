/*
 * The block format of Snappy, as remote write uses it: https://github.com/google/snappy/blob/main/format_description.txt
 * A varint with the length of the text, then elements: literal bytes, or copies of 1 to 64 bytes from further back.
 */

/** The bytes are no Snappy block. */
export class SnappyError extends Error {
  override readonly name = 'SnappyError';
}

/** The text is longer than is allowed; nothing was decompressed. */
export class SnappyTooLargeError extends SnappyError {}

/** Decompresses into memory of its own that the next call uses again. Never reads or writes outside of what it was given. */
export class SnappyDecoder {
  private output = new Uint8Array(1 << 16);

  constructor(private readonly maxBytes: number) {}

  /** The text of a block; valid until the next call. Throws `SnappyError`. */
  decode(input: Uint8Array): Uint8Array {
    const { length, at } = readLength(input);
    if (length > this.maxBytes) {
      throw new SnappyTooLargeError(
        `the request holds ${length} bytes decompressed; at most ${this.maxBytes} are allowed`,
      );
    }
    if (this.output.length < length) this.output = new Uint8Array(Math.min(this.maxBytes, length * 2));
    decompress(input, at, this.output, length);
    return this.output.subarray(0, length);
  }
}

function readLength(input: Uint8Array): { length: number; at: number } {
  let length = 0;
  for (let at = 0, scale = 1; at < 5 && at < input.length; at++, scale *= 128) {
    length += (input[at] & 127) * scale;
    if (input[at] < 128) {
      if (length > 0xffff_ffff) break;
      return { length, at: at + 1 };
    }
  }
  throw new SnappyError('the body is not a Snappy block: it does not begin with a length');
}

/** Shorter runs are copied faster byte by byte than by a call. */
const SHORT = 24;

function decompress(input: Uint8Array, start: number, output: Uint8Array, length: number): void {
  const end = input.length;
  let at = start;
  let to = 0;
  while (at < end) {
    const tag = input[at++];
    const kind = tag & 3;
    if (kind === 0) {
      let size = (tag >>> 2) + 1;
      if (size > 60) {
        const extra = size - 60;
        if (at + extra > end) throw damaged(at);
        size = 1;
        for (let i = 0, scale = 1; i < extra; i++, scale *= 256) size += input[at + i] * scale;
        at += extra;
      }
      if (size > end - at || size > length - to) throw damaged(at);
      if (size > SHORT) output.set(input.subarray(at, at + size), to);
      else for (let i = 0; i < size; i++) output[to + i] = input[at + i];
      at += size;
      to += size;
      continue;
    }
    let size: number;
    let offset: number;
    if (kind === 1) {
      if (at + 1 > end) throw damaged(at);
      size = ((tag >>> 2) & 7) + 4;
      offset = ((tag >>> 5) << 8) | input[at];
      at += 1;
    } else {
      const bytes = kind === 2 ? 2 : 4;
      if (at + bytes > end) throw damaged(at);
      size = (tag >>> 2) + 1;
      offset = input[at] | (input[at + 1] << 8);
      if (kind === 3) offset += input[at + 2] * 65_536 + input[at + 3] * 16_777_216;
      at += bytes;
    }
    if (offset === 0 || offset > to || size > length - to) throw damaged(at);
    if (offset >= size && size > SHORT) output.copyWithin(to, to - offset, to - offset + size);
    // A copy may reach into what it writes itself: that is how runs are told.
    else for (let i = 0, from = to - offset; i < size; i++) output[to + i] = output[from + i];
    to += size;
  }
  if (to !== length) throw new SnappyError(`the body is cut: it holds ${to} of ${length} bytes`);
}

function damaged(at: number): SnappyError {
  return new SnappyError(`the body is not a Snappy block: byte ${at} makes no sense`);
}
