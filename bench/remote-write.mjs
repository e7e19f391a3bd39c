/** Remote write 1.0 bodies for benchmarks: protobuf by hand, snappy as literals only. */
const text = (value) => Buffer.from(value);

function varint(value) {
  const out = [];
  let rest = BigInt(value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    out.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(out);
}

const field = (number, payload) => Buffer.concat([Buffer.from([(number << 3) | 2]), varint(payload.length), payload]);

/** The labels of one series, once. */
export function encodeLabels(labels) {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat(
    pairs.map(([name, value]) => field(1, Buffer.concat([field(1, text(name)), field(2, text(value))]))),
  );
}

/** A whole request: encoded labels and values, all at one time. */
export function encodeWrite(series, values, timestampMs) {
  const time = Buffer.concat([Buffer.from([0x10]), varint(timestampMs)]);
  const body = Buffer.concat(
    series.map((labels, i) => {
      const value = Buffer.alloc(9);
      value[0] = 0x09;
      value.writeDoubleLE(values[i], 1);
      return field(1, Buffer.concat([labels, field(2, Buffer.concat([value, time]))]));
    }),
  );
  return snappyLiterals(body);
}

function snappyLiterals(body) {
  const parts = [varint(body.length)];
  for (let at = 0; at < body.length; at += 65536) {
    const chunk = body.subarray(at, at + 65536);
    const length = chunk.length - 1;
    parts.push(Buffer.from([61 << 2, length & 0xff, length >> 8]), chunk);
  }
  return Buffer.concat(parts);
}
