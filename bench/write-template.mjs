/**
 * Remote-write bodies of the same series over and over, as a sender's are: the labels are encoded and compressed once, each request
 * then fills in values and times. So that making them costs the benchmark little beside what it measures.
 */
const TIME_BYTES = 6;

function varint(value) {
  const out = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  return [...out, rest];
}

const message = (tag, payload) => [tag, ...varint(payload.length), ...payload];
const text = (tag, value) => message(tag, [...Buffer.from(value)]);

/** One TimeSeries with one sample; `holes` are where its value and its time stand. */
function seriesBytes(labels) {
  const pairs = Object.keys(labels)
    .sort()
    .flatMap((name) => message(10, [...text(10, name), ...text(18, labels[name])]));
  const sample = message(18, [9, ...new Array(8).fill(0), 16, ...new Array(TIME_BYTES).fill(0)]);
  const bytes = message(10, [...pairs, ...sample]);
  return { bytes, value: bytes.length - TIME_BYTES - 9, time: bytes.length - TIME_BYTES };
}

/** Of the series' labels; times from 2004 to 2527, whose varints have six bytes. */
export class WriteTemplate {
  constructor(labelSets) {
    const all = [];
    const holes = [];
    for (const labels of labelSets) {
      const { bytes, value, time } = seriesBytes(labels);
      holes.push({ value: all.length + value, time: all.length + time });
      for (const byte of bytes) all.push(byte);
    }
    const fixed = new Uint8Array(all.length).fill(1);
    for (const { value, time } of holes) fixed.fill(0, value, value + 8).fill(0, time, time + TIME_BYTES);
    const { bytes, places } = compress(Uint8Array.from(all), fixed);
    this.bytes = bytes;
    // Literals keep their order, but a long one may be cut anywhere: a place for every byte.
    this.holes = holes.map(({ value, time }) => ({
      value: Array.from({ length: 8 }, (_, i) => places[value + i]),
      time: Array.from({ length: TIME_BYTES }, (_, i) => places[time + i]),
    }));
    this.scratch = new Float64Array(1);
    this.scratchBytes = new Uint8Array(this.scratch.buffer);
  }

  /** A request of its own with these values, all at one time (ms since 1970). */
  fill(values, timestampMs) {
    const body = Uint8Array.from(this.bytes);
    const time = varint(timestampMs);
    this.holes.forEach((hole, i) => {
      this.scratch[0] = values[i];
      for (let b = 0; b < 8; b++) body[hole.value[b]] = this.scratchBytes[b];
      for (let b = 0; b < TIME_BYTES; b++) body[hole.time[b]] = time[b];
    });
    return body;
  }
}

/** Snappy with copies of four bytes and more; bytes that are not fixed stay literals. `places`: where a literal byte went. */
function compress(source, fixed) {
  const out = varint(source.length);
  const places = new Int32Array(source.length).fill(-1);
  const seen = new Int32Array(1 << 15).fill(-1);
  let literal = 0;
  const flush = (end) => {
    while (literal < end) {
      const size = Math.min(end - literal, 60);
      out.push((size - 1) << 2);
      for (let i = 0; i < size; i++, literal++) {
        places[literal] = out.length;
        out.push(source[literal]);
      }
    }
  };
  const usable = (at) => at < source.length && fixed[at] === 1;
  for (let at = 0; at < source.length;) {
    if (!(usable(at) && usable(at + 1) && usable(at + 2) && usable(at + 3))) {
      at++;
      continue;
    }
    const word = source[at] | (source[at + 1] << 8) | (source[at + 2] << 16) | (source[at + 3] << 24);
    const slot = Math.imul(word, 0x1e35a7bd) >>> 17;
    const from = seen[slot];
    seen[slot] = at;
    let size = 0;
    if (from >= 0 && at - from < 65_536) {
      while (size < 64 && usable(at + size) && usable(from + size) && source[from + size] === source[at + size]) size++;
    }
    if (size < 4) {
      at++;
      continue;
    }
    flush(at);
    out.push(((size - 1) << 2) | 2, (at - from) & 255, (at - from) >>> 8);
    at += size;
    literal = at;
  }
  flush(source.length);
  return { bytes: Uint8Array.from(out), places };
}
