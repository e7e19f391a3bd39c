/** Arithmetic and number formats where Go's definitions, which Prometheus inherits, differ from JavaScript's. */

/** 1 to any power is 1, and so is -1 to an infinite one. */
export function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && (exponent === Infinity || exponent === -Infinity)) return 1;
  return Math.pow(base, exponent);
}

/** +Inf wins over NaN. */
export function maxOf(a: number, b: number): number {
  if (a === Infinity || b === Infinity) return Infinity;
  return Math.max(a, b);
}

/** -Inf wins over NaN. */
export function minOf(a: number, b: number): number {
  if (a === -Infinity || b === -Infinity) return -Infinity;
  return Math.min(a, b);
}

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return undefined;
}

/** Digits and decimal exponent of the shortest form: value = 0.digits * 10^point. */
function shortest(value: number): { digits: string; point: number; negative: boolean } {
  const negative = value < 0 || Object.is(value, -0);
  const [mantissa, exponent] = Math.abs(value).toExponential().split('e');
  return { digits: mantissa.replace('.', ''), point: Number(exponent) + 1, negative };
}

/** Go's `%f` with the fewest digits that read back: never an exponent. */
export function formatFixed(value: number): string {
  const name = special(value);
  if (name !== undefined) return name;
  const { digits, point, negative } = shortest(value);
  const sign = negative ? '-' : '';
  if (value === 0) return `${sign}0`;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Go's `%g` with the fewest digits that read back, or `%.Ng` for a precision: an exponent below 1e-04 and from 10^precision (6 if none) on. */
export function formatGeneral(value: number, precision?: number): string {
  const name = special(value);
  if (name !== undefined) return name;
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const rounded = precision === undefined ? value : Number(value.toPrecision(precision));
  const { digits, point } = shortest(rounded);
  const exponent = point - 1;
  if (exponent >= -4 && exponent < (precision ?? 6)) return formatFixed(rounded);
  const sign = value < 0 ? '-' : '';
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  const magnitude = String(Math.abs(exponent)).padStart(2, '0');
  return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${magnitude}`;
}

/** As a label value in OpenMetrics: whole numbers keep a fraction, `1.0`. */
export function formatLabelValue(value: number): string {
  const text = formatGeneral(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** Text in double quotes as Go's `%q` writes it. */
export function quote(text: string): string {
  let out = '"';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const escape = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }[char];
    if (escape !== undefined) out += escape;
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else out += char;
  }
  return `${out}"`;
}
