/** Writes remote-write requests for tests: https://github.com/prometheus/prometheus/blob/main/prompb/remote.proto */
export interface TestSeries {
  readonly labels: Readonly<Record<string, string>> | readonly (readonly [string, string])[];
  readonly samples?: readonly (readonly [timestampMs: number, value: number | Uint8Array])[];
  /** Encoded `Histogram` messages. */
  readonly histograms?: readonly Uint8Array[];
}

/** Little-endian bytes of Prometheus's stale marker. */
export const STALE_BYTES = Uint8Array.of(2, 0, 0, 0, 0, 0, 0xf0, 0x7f);

export function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); ; rest >>= 7n) {
    if (rest < 128n) return Uint8Array.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
}

export function zigzag(value: number): Uint8Array {
  return varint(value < 0 ? -value * 2 - 1 : value * 2);
}

export function double(value: number | Uint8Array): Uint8Array {
  return typeof value === 'number' ? new Uint8Array(Float64Array.of(value).buffer) : value;
}

/** A field of any kind: the tag, then bytes as they are. */
export function field(number: number, kind: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([varint(number * 8 + kind), ...parts]);
}

/** A field of a length and that many bytes. */
export function message(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts);
  return field(number, 2, varint(body.length), body);
}

export function encodeRequest(series: readonly TestSeries[], ...more: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([...series.map(encodeSeries), ...more]);
}

function encodeSeries({ labels, samples = [], histograms = [] }: TestSeries): Uint8Array {
  const pairs = Array.isArray(labels) ? (labels as [string, string][]) : Object.entries(labels).sort();
  return message(
    1,
    ...pairs.map(([name, value]) => message(1, message(1, Buffer.from(name)), message(2, Buffer.from(value)))),
    ...samples.map(([timestampMs, value]) => message(2, field(1, 1, double(value)), field(2, 0, varint(timestampMs)))),
    ...histograms.map((histogram) => message(4, histogram)),
  );
}

/** A Snappy block that compresses nothing: literals alone. */
export function snappyLiterals(text: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [varint(text.length)];
  for (let at = 0; at < text.length; at += 65_536) {
    const chunk = text.subarray(at, at + 65_536);
    const size = chunk.length - 1;
    parts.push(size < 60 ? Uint8Array.of(size << 2) : Uint8Array.of(61 << 2, size & 255, size >>> 8), chunk);
  }
  return Buffer.concat(parts);
}
