import { FunctionError } from '../errors.js';
import { formatFloat } from '../run/print.js';
import { GoNamed, type GoValue, typeName, underlying } from '../values.js';
import { timeValue } from './time.js';

/** Four significant digits, as every humanize function prints them. */
const four = (value: number): string => formatFloat(value, 'g', 4);

/** What Prometheus's humanize functions take: numbers, numbers as text, and durations (in seconds). */
export function toFloat(value: GoValue): number {
  const plain = underlying(value);
  if (typeof plain === 'bigint')
    return value instanceof GoNamed && value.typeName === 'time.Duration' ? Number(plain) / 1e9 : Number(plain);
  if (typeof plain === 'number') return plain;
  if (typeof plain === 'string') {
    const number = parseFloatText(plain);
    if (number === undefined)
      throw new FunctionError(`strconv.ParseFloat: parsing ${JSON.stringify(plain)}: invalid syntax`);
    return number;
  }
  throw new FunctionError(`can't convert ${typeName(value)} to float`);
}

function parseFloatText(text: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text);
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (!word) return undefined;
  if (word[2].toLowerCase() === 'nan') return NaN;
  return word[1] === '-' ? -Infinity : Infinity;
}

/** `1234567` to `1.235M`, `0.00012` to `120u`. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return four(value);
  return Math.abs(value) >= 1 ? scaled(value, ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'], 1000) : shrunk(value, '');
}

/** `1048576` to `1Mi`. */
export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) return four(value);
  return scaled(value, ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'], 1024);
}

function scaled(value: number, prefixes: readonly string[], base: number): string {
  let rest = value;
  let prefix = '';
  for (const next of prefixes) {
    if (Math.abs(rest) < base) break;
    prefix = next;
    rest /= base;
  }
  return four(rest) + prefix;
}

function shrunk(value: number, unit: string): string {
  let rest = value;
  let prefix = '';
  for (const next of ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y']) {
    if (Math.abs(rest) >= 1) break;
    prefix = next;
    rest *= 1000;
  }
  return four(rest) + prefix + unit;
}

/** Seconds to `1d 2h 3m 4s`, below a minute with four digits. */
export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return four(seconds);
  if (seconds === 0) return `${four(seconds)}s`;
  if (Math.abs(seconds) < 1) return shrunk(seconds, 's');
  const sign = seconds < 0 ? '-' : '';
  const size = Math.abs(seconds);
  const whole = Math.trunc(size);
  const s = whole % 60;
  const m = Math.trunc(whole / 60) % 60;
  const h = Math.trunc(whole / 3600) % 24;
  const d = Math.trunc(whole / 86_400);
  if (d !== 0) return `${sign}${d}d ${h}h ${m}m ${s}s`;
  if (h !== 0) return `${sign}${h}h ${m}m ${s}s`;
  if (m !== 0) return `${sign}${m}m ${s}s`;
  return `${sign}${four(size)}s`;
}

export const humanizePercentage = (value: number): string => `${four(value * 100)}%`;

export function humanizeTimestamp(seconds: number): string {
  if (!Number.isFinite(seconds)) return four(seconds);
  return toTime(seconds).text?.() ?? '';
}

/** Seconds since 1970 as a time. */
export function toTime(seconds: number): GoNamed {
  if (!Number.isFinite(seconds) || Math.abs(seconds) > 8.64e12)
    throw new FunctionError(`cannot convert ${four(seconds)} to time.Time`);
  return timeValue(seconds * 1000);
}
