import { formatSample } from './number-format.js';

const [MINUS, DOT, COMMA, QUOTE, OPEN, CLOSE] = Buffer.from('-.,"[]');
/** The longest point: two numbers of at most 25 characters and what stands around them. */
const POINT_BYTES = 64;
/** What most points take. */
const USUAL_POINT_BYTES = 32;
const FIRST_BYTES = 4096;
/** "000", "001" … "999". */
const GROUPS = Buffer.from(Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0')).join(''));

/**
 * JSON as bytes that grow while they are written. Answers are mostly numbers, and the digits of a number cost a third as bytes of
 * what they cost as strings that are joined and encoded at the end. Numbers read as in number-format.ts.
 */
export class JsonText {
  private bytes: Buffer;
  private used = 0;

  /** `points`: how many will be written, as far as is known; a hint. */
  constructor(points = 0) {
    this.bytes = Buffer.allocUnsafe(FIRST_BYTES + points * USUAL_POINT_BYTES);
  }

  /** All that was written; nothing may be written after it. */
  finish(): Buffer {
    return this.bytes.subarray(0, this.used);
  }

  /** Text that is JSON already. */
  raw(text: string): void {
    // A UTF-16 unit takes three bytes at most.
    this.reserve(text.length * 3);
    this.used += this.bytes.write(text, this.used, 'utf8');
  }

  comma(): void {
    this.reserve(1);
    this.bytes[this.used++] = COMMA;
  }

  /** `[1435781430.781,"0.25"]`: ms since 1970 as seconds, and a sample's value. */
  point(timeMs: number, value: number): void {
    this.reserve(POINT_BYTES);
    this.bytes[this.used++] = OPEN;
    this.seconds(timeMs);
    this.bytes[this.used++] = COMMA;
    this.bytes[this.used++] = QUOTE;
    this.sample(value);
    this.bytes[this.used++] = QUOTE;
    this.bytes[this.used++] = CLOSE;
  }

  /** ms since 1970 as seconds, with three decimals where there are any. */
  timestamp(timeMs: number): void {
    this.reserve(POINT_BYTES);
    this.seconds(timeMs);
  }

  private seconds(timeMs: number): void {
    const magnitude = Math.abs(timeMs);
    const whole = Math.floor(magnitude / 1000);
    const rest = magnitude - whole * 1000;
    if (timeMs < 0) this.bytes[this.used++] = MINUS;
    this.whole(whole);
    if (rest === 0) return;
    this.bytes[this.used++] = DOT;
    this.padded(rest, 3);
  }

  /**
   * The shortest digits that read back the same. A decimal of at most 15 digits is the only one so short that reads as its
   * double, so that a value that equals a whole number of thousandths or millionths needs no search for them.
   */
  private sample(value: number): void {
    const magnitude = Math.abs(value);
    if (magnitude < 1e15) {
      const negative = value < 0 || Object.is(value, -0);
      const whole = Math.floor(magnitude);
      if (whole === magnitude) {
        if (negative) this.bytes[this.used++] = MINUS;
        return this.whole(whole);
      }
      for (const [scale, places] of DECIMALS) {
        const scaled = Math.round(magnitude * scale);
        if (scaled / scale !== magnitude || scaled >= 1e15) continue;
        if (negative) this.bytes[this.used++] = MINUS;
        return this.decimal(whole, scaled - whole * scale, places);
      }
    }
    const text = formatSample(value);
    for (let i = 0; i < text.length; i++) this.bytes[this.used++] = text.charCodeAt(i);
  }

  private decimal(whole: number, fraction: number, places: number): void {
    this.whole(whole);
    this.bytes[this.used++] = DOT;
    let rest = fraction;
    let digits = places;
    while (rest % 10 === 0) {
      rest /= 10;
      digits--;
    }
    this.padded(rest, digits);
  }

  /** From 0 to 2^53. */
  private whole(value: number): void {
    if (value < 1000) return this.first(value);
    if (value < 1e6) {
      const high = (value / 1000) | 0;
      this.first(high);
      return this.group(value - high * 1000);
    }
    const high = Math.floor(value / 1e6);
    this.whole(high);
    this.padded(value - high * 1e6, 6);
  }

  /** A whole number below 10^6 with three or six digits or fewer, zeros in front. */
  private padded(value: number, digits: number): void {
    if (digits <= 3) return this.last(value, digits);
    const high = (value / 1000) | 0;
    this.last(high, digits - 3);
    this.group(value - high * 1000);
  }

  /** A whole number below 1000 as it is. */
  private first(value: number): void {
    this.last(value, value < 10 ? 1 : value < 100 ? 2 : 3);
  }

  /** The last digits of a whole number below 1000. */
  private last(value: number, digits: number): void {
    if (digits === 3) return this.group(value);
    for (let at = value * 3 + 3 - digits; at < value * 3 + 3; at++) this.bytes[this.used++] = GROUPS[at];
  }

  private group(value: number): void {
    const { bytes, used } = this;
    const at = value * 3;
    bytes[used] = GROUPS[at];
    bytes[used + 1] = GROUPS[at + 1];
    bytes[used + 2] = GROUPS[at + 2];
    this.used = used + 3;
  }

  private reserve(more: number): void {
    if (this.used + more <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.used + more));
    this.bytes.copy(grown, 0, 0, this.used);
    this.bytes = grown;
  }
}

/** Measurements are mostly rounded to thousandths or millionths at most. */
const DECIMALS = [
  [1e3, 3],
  [1e6, 6],
] as const;
