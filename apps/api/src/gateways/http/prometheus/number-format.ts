/** Numbers as Prometheus's API prints them: Go's `strconv.FormatFloat` with the shortest digits that read back the same. */

/** Values of samples: 'f', but 'e' below 1e-6 and from 1e21 on, with at least two digits in the exponent. */
export function formatSample(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const text = String(value);
  // JavaScript switches to exponents at the same bounds.
  return text.includes('e') ? twoDigitExponent(text) : text;
}

/** Scalars: 'f' always. */
export function formatScalar(value: number): string {
  const text = formatSample(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign, whole, fraction = '', exponentText] = match;
  const exponent = Number(exponentText);
  const digits = whole + fraction;
  return exponent < 0
    ? `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
    : `${sign}${digits}${'0'.repeat(exponent - fraction.length)}`;
}

/** Values of alerts: 'e' always. */
export function formatExponent(value: number): string {
  return Number.isFinite(value)
    ? Object.is(value, -0)
      ? '-0e+00'
      : twoDigitExponent(value.toExponential())
    : formatSample(value);
}

/** Seconds with three decimals where there are any: `1435781430.781`, `1.050`, `0`. */
export function formatTimestamp(ms: number): string {
  const whole = Math.trunc(ms / 1000);
  const rest = Math.abs(ms % 1000);
  if (rest === 0) return String(whole === 0 ? 0 : whole);
  const sign = ms < 0 && whole === 0 ? '-' : '';
  return `${sign}${whole}.${String(rest).padStart(3, '0')}`;
}

const twoDigitExponent = (text: string): string =>
  text.replace(/e([+-])(\d)$/, (_, sign: string, digit: string) => `e${sign}0${digit}`);
