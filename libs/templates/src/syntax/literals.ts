/** Go's escapes within quotes; undefined when one is not known. */
export function unquote(quoted: string): string | undefined {
  const body = quoted.slice(1, -1);
  if (quoted.startsWith('`')) return body.replaceAll('\r', '');
  if (!body.includes('\\')) return body;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (let i = 0; i < body.length; i++) {
    if (body[i] !== '\\') {
      const char = String.fromCodePoint(body.codePointAt(i) ?? 0);
      bytes.push(...encoder.encode(char));
      i += char.length - 1;
      continue;
    }
    const escape = body[++i];
    const simple = SIMPLE[escape];
    if (simple !== undefined) bytes.push(simple);
    else if (escape === 'x' || /[0-7]/.test(escape ?? '')) {
      const match = (escape === 'x' ? /^x([0-9a-fA-F]{2})/ : /^([0-7]{3})/).exec(body.slice(i));
      const value = match ? parseInt(match[1], escape === 'x' ? 16 : 8) : 256;
      if (!match || value > 255) return undefined;
      bytes.push(value);
      i += match[0].length - 1;
    } else if (escape === 'u' || escape === 'U') {
      const match = (escape === 'u' ? /^u([0-9a-fA-F]{4})/ : /^U([0-9a-fA-F]{8})/).exec(body.slice(i));
      const value = match ? parseInt(match[1], 16) : 0x110000;
      if (!match || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) return undefined;
      bytes.push(...encoder.encode(String.fromCodePoint(value)));
      i += match[0].length - 1;
    } else return undefined;
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

const SIMPLE: Readonly<Record<string, number | undefined>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
};

/** A numeric constant. It is an integer when its value is whole, and prints as a float only where it was written as one. */
export function parseNumber(text: string): { int: bigint | undefined; float: number; isFloat: boolean } | undefined {
  const clean = text.replaceAll('_', '');
  const sign = clean.startsWith('-') ? -1 : 1;
  const digits = clean.replace(/^[+-]/, '');
  const isHex = /^0[xX]/.test(digits);
  const isFloat = isHex ? /[.pP]/.test(digits) : /[.eE]/.test(digits);
  if (!isFloat) {
    try {
      const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
      const int = BigInt(octal) * BigInt(sign);
      return { int, float: Number(int), isFloat: false };
    } catch {
      return undefined;
    }
  }
  const float = sign * (isHex ? hexFloat(digits) : Number(digits));
  if (Number.isNaN(float)) return undefined;
  return { int: Number.isInteger(float) ? BigInt(float) : undefined, float, isFloat: true };
}

function hexFloat(digits: string): number {
  const match = /^0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)$/.exec(digits);
  if (!match) return NaN;
  const mantissa = parseInt(match[1] + match[2] || '0', 16);
  return mantissa * 2 ** (Number(match[3]) - 4 * match[2].length);
}
