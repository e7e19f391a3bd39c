import { PromqlExecutionError } from '../errors.js';
import type { FloatHistogram } from '../histogram/float-histogram.js';
import type { WindowSeries } from './float-series.js';
import { extendWindow, firstAfter } from './kernels/extended.js';
import type { RawSeries } from './result.js';
import type { Windows } from './window.js';

type Samples = Omit<RawSeries, 'labels'>;

/** The samples of the first window, floats and histograms by time; an extended one has samples at its very bounds. */
export function rawSamples(series: WindowSeries, windows: Windows, lookbackMs: number): Samples {
  const endMs = windows.firstEndMs;
  const startMs = endMs - windows.rangeMs;
  if (windows.extended !== undefined) return extendedSamples(series, windows.extended, startMs, endMs, lookbackMs);
  const from = firstAfter(series.timestamps, series.from, series.to, startMs, false);
  const to = firstAfter(series.timestamps, from, series.to, endMs, false);
  const column = series.histograms;
  if (column === undefined) {
    return { timestamps: series.timestamps.slice(from, to), values: series.values.slice(from, to) };
  }
  const samples: { timeMs: number; value: number; histogram?: FloatHistogram }[] = [];
  for (let i = from; i < to; i++) samples.push({ timeMs: series.timestamps[i], value: series.values[i] });
  column.timestamps.forEach((timeMs, i) => {
    if (timeMs > startMs && timeMs <= endMs) samples.push({ timeMs, value: NaN, histogram: column.values[i] });
  });
  samples.sort((a, b) => a.timeMs - b.timeMs);
  return {
    timestamps: Float64Array.from(samples, ({ timeMs }) => timeMs),
    values: Float64Array.from(samples, ({ value }) => value),
    histograms: samples.map(({ histogram }) => histogram),
  };
}

function extendedSamples(
  series: WindowSeries,
  extended: 'anchored' | 'smoothed',
  startMs: number,
  endMs: number,
  lookbackMs: number,
): Samples {
  if (series.histograms !== undefined) {
    throw new PromqlExecutionError(`${extended} modifier is not supported with histograms`);
  }
  const smoothed = extended === 'smoothed';
  const { timestamps, values } = series;
  const from = firstAfter(timestamps, series.from, series.to, startMs - lookbackMs, false);
  const to = firstAfter(timestamps, from, series.to, smoothed ? endMs + lookbackMs : endMs, false);
  const window = to === from ? undefined : extendWindow(timestamps, values, from, to, startMs, endMs, smoothed, false);
  if (window === undefined) return { timestamps: new Float64Array(0), values: new Float64Array(0) };
  const first = timestamps[window.first] <= startMs ? window.first + 1 : window.first;
  const last = timestamps[window.last] >= endMs ? window.last - 1 : window.last;
  const middle = Math.max(last + 1, first);
  return {
    timestamps: Float64Array.of(startMs, ...timestamps.subarray(first, middle), endMs),
    values: Float64Array.of(window.left, ...values.subarray(first, middle), window.right),
  };
}
