import { GoMap, GoNamed, GoStruct, type GoValue } from '../values.js';

/** Prints a value as Go's `%v` does. */
export function printValue(value: GoValue): string {
  if (value === null) return '<nil>';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatFloat(value, 'v', -1);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof GoNamed) return value.text ? value.text() : printValue(value.underlying);
  if (value instanceof GoMap)
    return `map[${value
      .keys()
      .map((key) => `${key}:${printValue(value.get(key))}`)
      .join(' ')}]`;
  if (value instanceof GoStruct) return `{${Object.values(value.fields).map(printValue).join(' ')}}`;
  if (Array.isArray(value)) return `[${(value as readonly GoValue[]).map(printValue).join(' ')}]`;
  return 'func';
}

/**
 * A float as Go formats it; `verb` is that of `%v`, `%g`, `%e`, `%f`. `precision` -1 is the fewest digits that read back the
 * same.
 */
export function formatFloat(value: number, verb: string, precision: number, alternate = false): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const negative = value < 0 || Object.is(value, -0);
  const magnitude = Math.abs(value);
  const text = positive(magnitude, verb, precision, alternate);
  return negative ? `-${text}` : text;
}

function positive(value: number, verb: string, precision: number, alternate: boolean): string {
  if (verb === 'f' || verb === 'F') return precision < 0 ? expandExponent(String(value)) : fixed(value, precision);
  if (verb === 'e' || verb === 'E') {
    const text = goExponent(precision < 0 ? value.toExponential() : exponential(value, Math.min(precision, 100)));
    return verb === 'E' ? text.toUpperCase() : text;
  }
  const shortest = precision < 0;
  const digits = shortest ? value.toExponential() : exponential(value, Math.min(Math.max(precision, 1), 101) - 1);
  const [mantissa, exponentText] = digits.split('e');
  const exponent = Number(exponentText);
  const significant = mantissa.replace('.', '').replace(/0+$/, '').length || 1;
  // %g switches to the exponent form below 1e-4 and from 10^precision on; and the shortest form from 1e+06 on.
  const limit = shortest ? 6 : precision === 0 ? 1 : precision;
  if (exponent < -4 || exponent >= limit) {
    const trimmed = alternate ? mantissa : mantissa.replace(/\.?0+$/, '');
    const kept = mantissa.includes('.') ? trimmed : mantissa;
    const text = goExponent(`${kept}e${exponentText}`);
    return verb === 'G' ? text.toUpperCase() : text;
  }
  if (shortest) return expandExponent(String(value));
  const decimals = Math.max((alternate ? limit : Math.max(significant, 1)) - 1 - exponent, 0);
  return fixed(Number(digits), Math.min(decimals, 100));
}

/** `toFixed` gives up at 1e21; Go does not. */
function fixed(value: number, precision: number): string {
  if (value < 1e21) {
    const places = Math.min(precision, 100);
    return halfToEven(value.toFixed(places), value.toFixed(Math.min(places + 40, 100)), value);
  }
  return BigInt(value).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
}

function exponential(value: number, places: number): string {
  const [mantissa, exponent] = value.toExponential(places).split('e');
  const [exact, exactExponent] = value.toExponential(Math.min(places + 40, 100)).split('e');
  return exponent === exactExponent ? `${halfToEven(mantissa, exact, value)}e${exponent}` : `${mantissa}e${exponent}`;
}

/** JavaScript rounds an exact tie up, Go to the even digit. `exact` has the same digits and more of them. */
function halfToEven(rounded: string, exact: string, value: number): string {
  const cut = exact.slice(0, rounded.length);
  const rest = exact.slice(rounded.length).replace('.', '');
  const even = /[02468]\.?$/.test(cut);
  return value !== 0 && cut.length === rounded.length && /^50*$/.test(rest) && even ? cut : rounded;
}

/** `1e-7` to `0.0000001`. */
function expandExponent(text: string): string {
  const match = /^(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const digits = match[1] + (match[2] ?? '');
  const exponent = Number(match[3]);
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  return digits.padEnd(exponent + 1, '0');
}

/** Go writes at least two digits of exponent. */
const goExponent = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');
