/** A label set as it travels: label name to value, no empty values. `__name__` holds the metric name. */
export type LabelSet = Readonly<Record<string, string>>;

/** The label that holds a metric's name. */
export const METRIC_NAME = '__name__';

const encoder = new TextEncoder();
const SEPARATOR = 0xff;

/**
 * Stable hash of a label set: FNV-1a, 64 bits, over `name 0xff value 0xff` in the names' byte order, as 16 hex digits.
 * The formula is Prometheus's `model.LabelSet.Fingerprint`, so that the value agrees with Alertmanager's API.
 */
export function fingerprint(labels: LabelSet): string {
  const hash = new Fnv64();
  for (const name of Object.keys(labels).sort(byCodePoint)) {
    hash.text(name);
    hash.byte(SEPARATOR);
    hash.text(labels[name] ?? '');
    hash.byte(SEPARATOR);
  }
  return hash.hex();
}

/** FNV-1a, 64 bits, of a text in UTF-8, as 16 hex digits. */
export function hashText(text: string): string {
  const hash = new Fnv64();
  hash.text(text);
  return hash.hex();
}

/** Orders strings by code point, which is the byte order of their UTF-8 form and Go's string order. */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates (0xd800 to 0xdfff) stand for code points above every other unit, so they sort last.
    const xSurrogate = x >= 0xd800 && x <= 0xdfff;
    const ySurrogate = y >= 0xd800 && y <= 0xdfff;
    return xSurrogate === ySurrogate ? x - y : xSurrogate ? 1 : -1;
  }
  return a.length - b.length;
}

/**
 * Orders label sets as Prometheus's `model.LabelSet.Before` does: fewer labels first, then by the value of each label in turn;
 * of two that do not have the same labels, the one that lacks the first.
 */
export function compareLabelSets(a: LabelSet, b: LabelSet): number {
  const [namesOfA, namesOfB] = [Object.keys(a), Object.keys(b)];
  if (namesOfA.length !== namesOfB.length) return namesOfA.length - namesOfB.length;
  for (const name of [...new Set([...namesOfA, ...namesOfB])].sort(byCodePoint)) {
    if (!(name in a)) return -1;
    if (!(name in b)) return 1;
    const order = byCodePoint(a[name], b[name]);
    if (order !== 0) return order;
  }
  return 0;
}

/** FNV-1a with its 64-bit state in two 32-bit halves, since BigInt is twenty times slower. */
class Fnv64 {
  private high = 0xcbf29ce4;
  private low = 0x84222325;

  byte(value: number): void {
    const low = (this.low ^ value) >>> 0;
    // The prime is 2^40 + 0x1b3: low * 0x1b3 by 16-bit parts, then the shifted low word joins the high one.
    const product0 = (low & 0xffff) * 0x1b3;
    const product1 = (low >>> 16) * 0x1b3 + (product0 >>> 16);
    this.low = (((product1 & 0xffff) << 16) | (product0 & 0xffff)) >>> 0;
    this.high = (Math.imul(this.high, 0x1b3) + Math.floor(product1 / 0x10000) + (low << 8)) >>> 0;
  }

  text(text: string): void {
    for (const value of encoder.encode(text)) this.byte(value);
  }

  hex(): string {
    return this.high.toString(16).padStart(8, '0') + this.low.toString(16).padStart(8, '0');
  }
}
