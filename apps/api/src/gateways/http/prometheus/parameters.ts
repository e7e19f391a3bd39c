import type { FastifyRequest } from 'fastify';
import { parseDuration } from '../../../config/quantities.js';
import { invalidParameter, PrometheusError } from './prometheus-error.js';

/** All of time, in ms, and how Prometheus's clients write its ends. */
export const MIN_TIME_MS = Number.MIN_SAFE_INTEGER;
export const MAX_TIME_MS = Number.MAX_SAFE_INTEGER;
const MIN_TIME_TEXT = '-292273086-05-16T16:47:06Z';
const MAX_TIME_TEXT = '292277025-08-18T07:12:54.999999999Z';

const RFC3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Parameters of a request, from a form in the body and from the URL; the body's come first, as in Go's `Request.Form`. */
export class Parameters {
  private readonly values = new Map<string, string[]>();

  constructor(request: Pick<FastifyRequest, 'url' | 'body'>) {
    for (const [name, value] of Object.entries(formOf(request.body))) {
      for (const one of [value].flat()) if (typeof one === 'string') this.add(name, one);
    }
    const at = request.url.indexOf('?');
    if (at >= 0) for (const [name, value] of new URLSearchParams(request.url.slice(at))) this.add(name, value);
  }

  /** The first value; '' when there is none. */
  get(name: string): string {
    return this.values.get(name)?.[0] ?? '';
  }

  all(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }

  /** Seconds since 1970 with fractions, or RFC 3339, in ms. */
  time(name: string, fallbackMs?: number): number {
    const text = this.get(name);
    if (text === '' && fallbackMs !== undefined) return fallbackMs;
    const ms = readTime(text);
    if (ms !== undefined) return ms;
    const what = `cannot parse ${JSON.stringify(text)} to a valid timestamp`;
    throw invalidParameter(name, fallbackMs === undefined ? what : `Invalid time value for '${name}': ${what}`);
  }

  /** Seconds with fractions, or `5m`, in ms. */
  duration(name: string): number {
    const text = this.get(name);
    const ms = readDuration(text);
    if (ms === undefined) throw invalidParameter(name, `cannot parse ${JSON.stringify(text)} to a valid duration`);
    return ms;
  }

  /** A duration above zero, or undefined when it is not given. */
  optionalDuration(name: string): number | undefined {
    return this.get(name) === '' ? undefined : this.duration(name);
  }

  /** How many results are wanted; 0 for all. */
  limit(): number {
    const text = this.get('limit');
    if (text === '') return 0;
    if (!/^[+-]?\d+$/.test(text))
      throw invalidParameter('limit', `cannot parse ${JSON.stringify(text)} to a valid limit`);
    if (Number(text) < 0) throw invalidParameter('limit', 'limit must be non-negative');
    return Number(text);
  }

  /** A number of metadata, where Prometheus words its refusal in its own way; undefined when not given. */
  count(name: string): number | undefined {
    const text = this.get(name);
    if (text === '') return undefined;
    if (!/^[+-]?\d+$/.test(text)) throw new PrometheusError('bad_data', `${name} must be a number`);
    return Number(text);
  }

  flag(name: string): boolean {
    const text = this.get(name).toLowerCase();
    if (text === '' || text === 'false' || text === '0' || text === 'f') return false;
    if (text === 'true' || text === '1' || text === 't') return true;
    throw invalidParameter(name, `cannot parse ${JSON.stringify(this.get(name))} to a valid boolean`);
  }

  private add(name: string, value: string): void {
    const known = this.values.get(name);
    if (known) known.push(value);
    else this.values.set(name, [value]);
  }
}

function formOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null && !Buffer.isBuffer(body) ? (body as Record<string, unknown>) : {};
}

function readTime(text: string): number | undefined {
  if (isNumber(text)) {
    const ms = Math.round(Number(text) * 1000);
    return Number.isFinite(ms) ? ms : undefined;
  }
  if (RFC3339.test(text)) {
    const ms = Date.parse(text);
    return Number.isNaN(ms) ? undefined : ms;
  }
  if (text === MIN_TIME_TEXT) return MIN_TIME_MS;
  return text === MAX_TIME_TEXT ? MAX_TIME_MS : undefined;
}

function readDuration(text: string): number | undefined {
  if (!isNumber(text)) return parseDuration(text);
  const ms = Number(text) * 1000;
  return Math.abs(ms) <= MAX_TIME_MS ? Math.trunc(ms) : undefined;
}

const isNumber = (text: string): boolean => /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text);
