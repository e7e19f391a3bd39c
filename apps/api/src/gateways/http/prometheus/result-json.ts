/** Results of queries in Prometheus's JSON. The text is built by hand: a range query's answer is mostly numbers. */
import {
  type EvaluationResult,
  type FloatHistogram,
  histogramBuckets,
  Labels,
  type ResultSeries,
} from '@opsroom/promql';
import type { JsonText } from './json-text.js';
import { formatSample, formatScalar } from './number-format.js';

/** Printing that pauses now and then: a large answer takes longer than other work may wait. Gives whether the limit cut it. */
export type SlicedPrint = Generator<void, boolean>;

/** Points printed between two pauses: a few ms. */
const POINTS_BETWEEN_PAUSES = 20_000;

/** `"resultType":…,"result":…` of what an instant query gave. `limit` 0: all series. */
export function* printInstant(text: JsonText, result: EvaluationResult, timeMs: number, limit: number): SlicedPrint {
  text.raw(`"resultType":"${result.type}","result":`);
  switch (result.type) {
    case 'scalar':
      text.raw(`[${timeMs / 1000},"${formatScalar(result.values[0])}"]`);
      return false;
    case 'string':
      text.raw(`[${timeMs / 1000},${JSON.stringify(result.value)}]`);
      return false;
    case 'vector': {
      const series = result.series.filter((one) => one.present[0] !== 0);
      return yield* limited(text, series, limit, 1, ({ labels, values, histograms }) => {
        const histogram = histograms?.[0];
        text.raw(`{"metric":${labelsJson(labels)},"${histogram ? 'histogram' : 'value'}":`);
        if (histogram) histogramPoint(text, timeMs, histogram);
        else text.point(timeMs, values[0]);
        text.raw('}');
      });
    }
    case 'matrix': {
      const longest = result.series.reduce((most, { timestamps }) => Math.max(most, timestamps.length), 1);
      return yield* limited(text, result.series, limit, longest, (one) => series(text, one, one.timestamps));
    }
  }
}

/** `"resultType":…,"result":…` of what a range query gave; a scalar is a series without labels. */
export function* printRange(text: JsonText, result: EvaluationResult, limit: number): SlicedPrint {
  if (result.type !== 'vector' && result.type !== 'scalar')
    throw new Error(`a range query cannot give a ${result.type}`);
  text.raw('"resultType":"matrix","result":');
  const times = Float64Array.from({ length: result.steps }, (_, i) => result.startMs + i * result.stepMs);
  const found: readonly PrintedSeries[] =
    result.type === 'vector'
      ? result.series.filter((one) => one.present.some((kind) => kind !== 0))
      : result.steps > 0
        ? [{ labels: Labels.empty, values: result.values }]
        : [];
  return yield* limited(text, found, limit, result.steps, (one) => series(text, one, times));
}

/** How many points a result has at most. */
export function pointsOf(result: EvaluationResult): number {
  if (result.type === 'matrix') return result.series.reduce((sum, { timestamps }) => sum + timestamps.length, 0);
  return result.type === 'vector' ? result.series.length * result.steps : result.steps;
}

type PrintedSeries = Pick<ResultSeries, 'labels' | 'values' | 'histograms'> & Partial<Pick<ResultSeries, 'present'>>;

/** One series with its points, floats apart from histograms. */
function series(text: JsonText, { labels, values, histograms, present }: PrintedSeries, times: Float64Array): void {
  text.raw(`{"metric":${labelsJson(labels)}`);
  let floats = 0;
  for (let i = 0; i < values.length; i++) {
    if (present?.[i] === 0 || histograms?.[i]) continue;
    if (floats++ > 0) text.comma();
    else text.raw(',"values":[');
    text.point(times[i], values[i]);
  }
  if (floats > 0) text.raw(']');
  let buckets = 0;
  for (let i = 0; histograms && i < values.length; i++) {
    const histogram = histograms[i];
    if (present?.[i] === 0 || !histogram) continue;
    if (buckets++ > 0) text.comma();
    else text.raw(',"histograms":[');
    histogramPoint(text, times[i], histogram);
  }
  text.raw(buckets > 0 ? ']}' : '}');
}

function histogramPoint(text: JsonText, timeMs: number, histogram: FloatHistogram): void {
  text.raw('[');
  text.timestamp(timeMs);
  text.raw(`,${histogramJson(histogram)}]`);
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

function* limited<T>(
  text: JsonText,
  series: readonly T[],
  limit: number,
  pointsEach: number,
  print: (one: T) => void,
): SlicedPrint {
  const count = limit > 0 ? Math.min(limit, series.length) : series.length;
  const pauseAfter = Math.max(1, Math.floor(POINTS_BETWEEN_PAUSES / pointsEach));
  text.raw('[');
  for (let i = 0; i < count; i++) {
    if (i > 0) text.comma();
    print(series[i]);
    if ((i + 1) % pauseAfter === 0) yield;
  }
  text.raw(']');
  return count < series.length;
}
