import type { FloatHistogram } from '@opsroom/promql';
import { Labels } from '@opsroom/promql';

/** One point of a described series: nothing, a number, a stale marker or a histogram. */
export type Point = undefined | number | 'stale' | FloatHistogram;

export interface DescribedSeries {
  readonly labels: Labels;
  readonly points: readonly Point[];
}

const NUMBER = String.raw`[+-]?(?:inf|nan|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)`;
const ITEM = new RegExp(
  String.raw`\s*(?:(?<gap>_)(?:x(?<gaps>\d+))?|(?<stale>stale)(?:x(?<stales>\d+))?|(?<first>\{\{.*?\}\})(?:(?<sign>[+-])(?<second>\{\{.*?\}\}))?(?:x(?<histograms>\d+))?|(?<value>${NUMBER})(?:(?<step>[+-](?:inf|nan|[\d.]+(?:e[+-]?\d+)?)))?(?:x(?<times>\d+))?)(?=\s|$)`,
  'iy',
);

/** `name{a="b"} 1+2x3 _ stale {{count:1 sum:2 buckets:[1]}}`: labels, then points at equal distances. */
export function parseSeries(text: string): DescribedSeries {
  const head = /^\s*([a-zA-Z_:][\w:]*)?\s*(?:\{(?!\{)((?:[^"}]|"(?:\\.|[^"\\])*")*)\})?/.exec(text);
  if (head === null) throw new Error(`no series: ${text}`);
  const labels: Record<string, string> = {};
  if (head[1] !== undefined) labels.__name__ = head[1];
  for (const match of (head[2] ?? '').matchAll(/([\w:.]+)\s*=\s*("(?:\\.|[^"\\])*")/g)) {
    labels[match[1]] = JSON.parse(match[2]) as string;
  }
  return { labels: Labels.from(labels), points: parsePoints(text.slice(head[0].length)) };
}

export function parseNumber(text: string): number | undefined {
  const match = new RegExp(`^${NUMBER}$`, 'i').exec(text.trim());
  if (match === null) return undefined;
  const plain = text.trim().toLowerCase();
  if (plain.endsWith('inf')) return plain.startsWith('-') ? -Infinity : Infinity;
  return plain.endsWith('nan') ? NaN : Number(plain);
}

function parsePoints(text: string): Point[] {
  const points: Point[] = [];
  ITEM.lastIndex = 0;
  const source = text.trimEnd();
  while (ITEM.lastIndex < source.length) {
    const at = ITEM.lastIndex;
    const groups = ITEM.exec(source)?.groups;
    if (groups === undefined) throw new Error(`cannot read points at "${source.slice(at)}"`);
    points.push(...itemPoints(groups));
  }
  return points;
}

/** `_x3` is three gaps, but `1x3` is four points: one and three more. */
function itemPoints(groups: Readonly<Record<string, string | undefined>>): Point[] {
  if (groups.gap !== undefined) return new Array<Point>(Number(groups.gaps ?? 1)).fill(undefined);
  if (groups.stale !== undefined) return new Array<Point>(Number(groups.stales ?? 0) + 1).fill('stale');
  if (groups.first !== undefined) {
    let current = parseHistogram(groups.first);
    const increment = groups.second === undefined ? undefined : parseHistogram(groups.second);
    const sign = groups.sign === '-' ? -1 : 1;
    const points: Point[] = [];
    for (let i = 0; i <= Number(groups.histograms ?? 0); i++) {
      points.push(current);
      if (increment !== undefined) current = increased(current, increment, sign);
    }
    return points;
  }
  let value = parseNumber(groups.value ?? '') ?? NaN;
  const step = groups.step === undefined ? 0 : (parseNumber(groups.step) ?? NaN);
  const points: Point[] = [];
  for (let i = 0; i <= Number(groups.times ?? 0); i++) {
    points.push(value);
    if (step !== 0) value += step;
  }
  return points;
}

/** `{{schema:0 count:3 sum:4 buckets:[1 2] offset:0 z_bucket:1 z_bucket_w:0.1 custom_values:[1 2] counter_reset_hint:gauge}}` */
function parseHistogram(text: string): FloatHistogram {
  const fields = new Map<string, string>();
  for (const match of text.slice(2, -2).matchAll(/(\w+)\s*:\s*(\[[^\]]*\]|[^\s\]]+)/g)) fields.set(match[1], match[2]);
  const number = (name: string): number => parseNumber(fields.get(name) ?? '0') ?? NaN;
  const list = (name: string): number[] =>
    (fields.get(name) ?? '[]')
      .slice(1, -1)
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map((item) => parseNumber(item) ?? NaN);
  const positiveBuckets = list('buckets');
  const negativeBuckets = list('n_buckets');
  const span = (offset: number, length: number) => (length === 0 ? [] : [{ offset, length }]);
  return {
    schema: number('schema'),
    zeroThreshold: number('z_bucket_w'),
    zeroCount: number('z_bucket'),
    count: number('count'),
    sum: number('sum'),
    positiveSpans: span(number('offset'), positiveBuckets.length),
    negativeSpans: span(number('n_offset'), negativeBuckets.length),
    positiveBuckets,
    negativeBuckets,
    counterResetHint: (fields.get('counter_reset_hint') ?? 'unknown') as FloatHistogram['counterResetHint'],
    ...(number('schema') === -53 ? { customValues: list('custom_values') } : {}),
  };
}

/** Histograms of a series grow by others of the same layout. */
function increased(histogram: FloatHistogram, by: FloatHistogram, sign: number): FloatHistogram {
  const add = (a: readonly number[], b: readonly number[]) => a.map((count, i) => count + sign * (b[i] ?? 0));
  return {
    ...histogram,
    zeroCount: histogram.zeroCount + sign * by.zeroCount,
    count: histogram.count + sign * by.count,
    sum: histogram.sum + sign * by.sum,
    positiveBuckets: add(histogram.positiveBuckets, by.positiveBuckets),
    negativeBuckets: add(histogram.negativeBuckets, by.negativeBuckets),
  };
}
