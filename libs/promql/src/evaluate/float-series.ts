import type { FloatHistogram } from '../histogram/float-histogram.js';
import type { Labels } from '../model/labels.js';
import type { SeriesSamples } from '../model/queryable.js';
import { isStale } from '../model/stale.js';

/** Histogram samples as columns, by ascending time. */
export interface HistogramColumn {
  readonly timestamps: readonly number[];
  readonly values: readonly FloatHistogram[];
}

/** The samples of a series for window functions: floats apart from histograms, no stale markers. */
export interface WindowSeries {
  readonly labels: Labels;
  /** Its metric name is to be removed at the end of the query. */
  readonly dropName: boolean;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly from: number;
  readonly to: number;
  readonly histograms: HistogramColumn | undefined;
}

/** Most series are floats without markers: they are handed on as they are. */
export function windowSeries(series: SeriesSamples, dropName = false): WindowSeries {
  const { labels, timestamps, values, from, to } = series;
  if (series.histograms === undefined && !hasStale(values, from, to)) {
    return { labels, dropName, timestamps, values, from, to, histograms: undefined };
  }
  const floatTimes = new Float64Array(to - from);
  const floats = new Float64Array(to - from);
  const histogramTimes: number[] = [];
  const histograms: FloatHistogram[] = [];
  let count = 0;
  for (let i = from; i < to; i++) {
    if (isStale(values, i)) continue;
    const histogram = series.histograms?.[i];
    if (histogram !== undefined) {
      histogramTimes.push(timestamps[i]);
      histograms.push(histogram);
    } else {
      floatTimes[count] = timestamps[i];
      floats[count++] = values[i];
    }
  }
  return {
    labels,
    dropName,
    timestamps: floatTimes,
    values: floats,
    from: 0,
    to: count,
    histograms: histograms.length === 0 ? undefined : { timestamps: histogramTimes, values: histograms },
  };
}

function hasStale(values: Float64Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (values[i] !== values[i] && isStale(values, i)) return true;
  return false;
}
