/** Results of queries in Prometheus's JSON. The text is built by hand: a range query's answer is mostly numbers. */
import {
  type EvaluationResult,
  type FloatHistogram,
  histogramBuckets,
  type Labels,
  type RawSeries,
  type ResultSeries,
} from '@opsroom/promql';
import { formatSample, formatScalar, formatTimestamp } from './number-format.js';

/** `resultType` and `result` of an answer, with how many series were left out because of the limit. */
export interface ResultJson {
  readonly type: 'scalar' | 'string' | 'vector' | 'matrix';
  readonly json: string;
  readonly truncated: boolean;
}

/** Printing that pauses now and then: a large answer takes longer than other work may wait. */
export type SlicedPrint = Generator<void, ResultJson>;

/** Points printed between two pauses: a few ms. */
const POINTS_BETWEEN_PAUSES = 20_000;

/** What an instant query gave. `limit` 0: all. */
export function* instantJson(result: EvaluationResult, timeMs: number, limit: number): SlicedPrint {
  switch (result.type) {
    case 'scalar':
      return whole('scalar', `[${timeMs / 1000},"${formatScalar(result.values[0])}"]`);
    case 'string':
      return whole('string', `[${timeMs / 1000},${JSON.stringify(result.value)}]`);
    case 'vector': {
      const at = formatTimestamp(timeMs);
      const series = result.series.filter((one) => one.present[0] !== 0);
      return yield* limited('vector', series, limit, 1, (one) => {
        const histogram = one.histograms?.[0];
        const value = histogram
          ? `"histogram":[${at},${histogramJson(histogram)}]`
          : `"value":[${at},"${formatSample(one.values[0])}"]`;
        return `{"metric":${labelsJson(one.labels)},${value}}`;
      });
    }
    case 'matrix': {
      const longest = result.series.reduce((most, { timestamps }) => Math.max(most, timestamps.length), 1);
      return yield* limited('matrix', result.series, limit, longest, (one) =>
        seriesJson(one, (i) => formatTimestamp(one.timestamps[i])),
      );
    }
  }
}

/** What a range query gave; a scalar is a series without labels. */
export function* rangeJson(result: EvaluationResult, limit: number): SlicedPrint {
  const stamps = Array.from({ length: result.steps }, (_, i) => formatTimestamp(result.startMs + i * result.stepMs));
  if (result.type === 'scalar') {
    const points = Array.from(result.values, (value, i) => `[${stamps[i]},"${formatSample(value)}"]`);
    return whole('matrix', points.length === 0 ? '[]' : `[{"metric":{},"values":[${points.join(',')}]}]`);
  }
  if (result.type !== 'vector') throw new Error(`a range query cannot give a ${result.type}`);
  const series = result.series.filter((one) => one.present.some((kind) => kind !== 0));
  return yield* limited('matrix', series, limit, result.steps, (one) => seriesJson(one, (i) => stamps[i]));
}

/** One series with its points, floats apart from histograms. */
function seriesJson(series: ResultSeries | RawSeries, stampOf: (i: number) => string): string {
  const { labels, values, histograms } = series;
  const present = 'present' in series ? series.present : undefined;
  const floats: string[] = [];
  const buckets: string[] = [];
  for (let i = 0; i < values.length; i++) {
    if (present?.[i] === 0) continue;
    const histogram = histograms?.[i];
    if (histogram) buckets.push(`[${stampOf(i)},${histogramJson(histogram)}]`);
    else floats.push(`[${stampOf(i)},"${formatSample(values[i])}"]`);
  }
  let json = `{"metric":${labelsJson(labels)}`;
  if (floats.length > 0) json += `,"values":[${floats.join(',')}]`;
  if (buckets.length > 0) json += `,"histograms":[${buckets.join(',')}]`;
  return `${json}}`;
}

/** Names in their byte order, which `Labels` keeps; written out, since objects put numeric keys first. */
export function labelsJson(labels: Labels): string {
  const pairs = labels.names.map((name, i) => `${JSON.stringify(name)}:${JSON.stringify(labels.values[i])}`);
  return `{${pairs.join(',')}}`;
}

/** Buckets that hold anything, as `[kind, lower, upper, count]`: 0 upper bound belongs, 1 lower one, 2 neither, 3 both. */
export function histogramJson(histogram: FloatHistogram): string {
  const buckets = histogramBuckets(histogram)
    .filter((bucket) => bucket.count !== 0)
    .map((bucket) => {
      const kind = bucket.lowerInclusive ? (bucket.upperInclusive ? 3 : 1) : bucket.upperInclusive ? 0 : 2;
      const numbers = [bucket.lower, bucket.upper, bucket.count].map((number) => `"${formatSample(number)}"`);
      return `[${kind},${numbers.join(',')}]`;
    });
  const list = buckets.length === 0 ? '' : `,"buckets":[${buckets.join(',')}]`;
  return `{"count":"${formatSample(histogram.count)}","sum":"${formatSample(histogram.sum)}"${list}}`;
}

const whole = (type: ResultJson['type'], json: string): ResultJson => ({ type, json, truncated: false });

function* limited<T>(
  type: ResultJson['type'],
  series: readonly T[],
  limit: number,
  pointsEach: number,
  print: (one: T) => string,
): SlicedPrint {
  const kept = limit > 0 && series.length > limit ? series.slice(0, limit) : series;
  const pauseAfter = Math.max(1, Math.floor(POINTS_BETWEEN_PAUSES / pointsEach));
  const printed: string[] = [];
  for (let i = 0; i < kept.length; i++) {
    printed.push(print(kept[i]));
    if ((i + 1) % pauseAfter === 0) yield;
  }
  return { type, json: `[${printed.join(',')}]`, truncated: kept.length < series.length };
}
