import { type CounterResetHint, type FloatHistogram } from '@opsroom/promql';

/** The notation of a native histogram cannot be read. */
export class HistogramNotationError extends Error {
  override readonly name = 'HistogramNotationError';
}

const NUMBERS = ['schema', 'count', 'sum', 'z_bucket', 'z_bucket_w', 'offset', 'n_offset'] as const;
const LISTS = ['buckets', 'n_buckets', 'custom_values'] as const;
const HINTS: readonly string[] = ['unknown', 'reset', 'not_reset', 'gauge'] satisfies CounterResetHint[];
const CUSTOM_BUCKETS = -53;

/**
 * Reads promtool's notation: `{{schema:0 count:3 sum:4 z_bucket:1 z_bucket_w:0.001 offset:0 buckets:[1 1] n_buckets:[]}}`; all fields
 * are optional, `custom_values:[…]` goes with schema -53. Throws `HistogramNotationError`.
 */
export function parseHistogram(text: string): FloatHistogram {
  const inside = /^\{\{(.*)\}\}$/s.exec(text.trim())?.[1];
  if (inside === undefined) throw new HistogramNotationError(`no native histogram: ${JSON.stringify(text)}`);
  const fields = new Map<string, string>();
  const rest = inside.replace(/([a-z_]+)\s*:\s*(\[[^\]]*\]|[^\s\]]+)/g, (_, name: string, value: string) => {
    fields.set(name, value);
    return '';
  });
  const known: readonly string[] = [...NUMBERS, ...LISTS, 'counter_reset_hint'];
  const unknown = [...fields.keys()].find((name) => !known.includes(name)) ?? rest.trim();
  if (unknown !== '') throw new HistogramNotationError(`cannot read ${JSON.stringify(unknown)} in ${text}`);
  const number = (name: (typeof NUMBERS)[number]): number => toNumber(fields.get(name) ?? '0');
  const list = (name: (typeof LISTS)[number]): number[] =>
    (fields.get(name) ?? '[]').replace(/[[\]]/g, ' ').trim().split(/\s+/).filter(Boolean).map(toNumber);
  const hint = fields.get('counter_reset_hint') ?? 'unknown';
  if (!HINTS.includes(hint))
    throw new HistogramNotationError(`counter_reset_hint is one of ${HINTS.join(', ')}, not ${hint}`);
  const schema = number('schema');
  const positiveBuckets = list('buckets');
  const negativeBuckets = list('n_buckets');
  const span = (offset: number, { length }: readonly number[]) => (length === 0 ? [] : [{ offset, length }]);
  return {
    schema,
    zeroThreshold: number('z_bucket_w'),
    zeroCount: number('z_bucket'),
    count: number('count'),
    sum: number('sum'),
    positiveSpans: span(number('offset'), positiveBuckets),
    negativeSpans: span(number('n_offset'), negativeBuckets),
    positiveBuckets,
    negativeBuckets,
    counterResetHint: hint as CounterResetHint,
    ...(schema === CUSTOM_BUCKETS ? { customValues: list('custom_values') } : {}),
  };
}

function toNumber(text: string): number {
  const word = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(text);
  const value = word ? (word[2].toLowerCase() === 'nan' ? NaN : word[1] === '-' ? -Infinity : Infinity) : Number(text);
  if (Number.isNaN(value) && !word) throw new HistogramNotationError(`not a number in a native histogram: ${text}`);
  return value;
}
