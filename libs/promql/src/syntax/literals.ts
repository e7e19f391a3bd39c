import { PromqlSyntaxError } from '../errors.js';
import type { TextRange } from '@opsroom/contracts';

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };
const encoder = new TextEncoder();

/**
 * The value of a quoted string as Go's strconv.Unquote reads it: '…' and "…" with escapes (\n, \x41, \101, \u00e9,
 * \U0001f600), `…` as it stands. Bytes from \x and \ooo are UTF-8; those that make none become U+FFFD.
 */
export function unquote(text: string, range: TextRange): string {
  const quote = text[0];
  const body = text.slice(1, -1);
  if (quote === '`') return body.replaceAll('\r', '');
  if (!body.includes('\\')) return body;

  const bytes: number[] = [];
  for (let i = 0; i < body.length;) {
    if (body[i] !== '\\') {
      const next = body.indexOf('\\', i);
      const plain = next < 0 ? body.slice(i) : body.slice(i, next);
      for (const byte of encoder.encode(plain)) bytes.push(byte);
      i += plain.length;
      continue;
    }
    i += readEscape(body, i, quote, bytes, range);
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

/** Appends the bytes of the escape at `at` and returns how many characters it takes. */
function readEscape(body: string, at: number, quote: string, bytes: number[], range: TextRange): number {
  const start = range.start + 1 + at;
  const fail = (length: number, why: string): never => {
    throw new PromqlSyntaxError(why, { start, end: Math.min(start + length, range.end) });
  };
  const letter = body[at + 1] ?? '';
  if (letter === quote) {
    bytes.push(letter.charCodeAt(0));
    return 2;
  }
  const simple = SIMPLE_ESCAPES[letter];
  if (simple !== undefined) {
    bytes.push(simple);
    return 2;
  }
  if (letter >= '0' && letter <= '7') {
    const digits = /^[0-7]{3}/.exec(body.slice(at + 1, at + 4))?.[0];
    if (digits === undefined) return fail(2, 'an octal escape takes three digits, like \\101');
    const value = parseInt(digits, 8);
    if (value > 255) return fail(4, `octal escape \\${digits} is above 255`);
    bytes.push(value);
    return 4;
  }
  const width = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
  if (width === 0) return fail(2, `unknown escape sequence \\${letter}`);
  const digits = body.slice(at + 2, at + 2 + width);
  if (digits.length < width || !/^[0-9a-fA-F]+$/.test(digits)) {
    return fail(2 + digits.length, `escape \\${letter} takes ${width} hexadecimal digits`);
  }
  const value = parseInt(digits, 16);
  if (letter === 'x') bytes.push(value);
  else if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
    return fail(2 + width, `escape \\${letter}${digits} is not a Unicode code point`);
  } else for (const byte of encoder.encode(String.fromCodePoint(value))) bytes.push(byte);
  return 2 + width;
}

/**
 * The value of an unsigned number token: decimal with exponent and `_` between digits, 0x…, a leading zero for octal (as
 * Go's ParseInt with base 0 reads integers), Inf and NaN in any case.
 */
export function parseNumber(text: string): number {
  const lower = text.toLowerCase();
  if (lower === 'inf') return Infinity;
  if (lower === 'nan') return NaN;
  const digits = lower.replaceAll('_', '');
  if (/^0[0-7]+$/.test(digits)) return Number(BigInt(`0o${digits.slice(1)}`));
  return Number(digits);
}
