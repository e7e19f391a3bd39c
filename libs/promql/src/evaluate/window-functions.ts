import type { TextRange } from '@opsroom/contracts';
import { divideHistogram } from '../histogram/arithmetic.js';
import { compactHistogram, multiplyHistogram, subtractHistograms } from '../histogram/arithmetic.js';
import type { FloatHistogram } from '../histogram/float-histogram.js';
import { equalHistograms, withHint } from '../histogram/layout.js';
import { isReset } from '../histogram/reset.js';
import { HistogramMean, HistogramSum } from '../histogram/sum.js';
import { annotate } from './annotations.js';
import { extendedHistogramRate, histogramDifference, type HistogramWindow, type Voice } from './histogram-rate.js';
import { changesIn, resetsIn } from './kernels/counter.js';
import { extendedRate } from './kernels/extended.js';
import * as overTime from './kernels/over-time.js';
import { extrapolatedRate, extrapolationFactor, instantDelta, instantRate } from './kernels/rate.js';
import { derivative, doubleExponentialSmoothing, predictLinear } from './kernels/regression.js';

/**
 * A window of floats alone: samples `[from, to)`, the window (startMs, endMs], the time of evaluation and up to two scalar
 * parameters at it.
 */
export type FloatKernel = (
  timestamps: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
  startMs: number,
  endMs: number,
  evaluationMs: number,
  a: number,
  b: number,
) => number;

/** A window that holds histograms, maybe among floats. */
export interface MixedWindow {
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly from: number;
  readonly to: number;
  readonly histograms: HistogramWindow;
  readonly startMs: number;
  readonly endMs: number;
  readonly evaluationMs: number;
  readonly a: number;
  readonly b: number;
  readonly extended: 'anchored' | 'smoothed' | undefined;
  readonly voice: Voice;
  /** Place of the whole call's arguments. */
  readonly callRange: TextRange;
}

export interface WindowFunction {
  /** A window with fewer floats (and nothing else) has no result. */
  readonly minFloats: number;
  readonly kernel: FloatKernel;
  /** Same result as `kernel` where no value of the series is below the one before it. */
  readonly monotonicKernel?: FloatKernel;
  /** For windows that hold histograms. */
  readonly mixed: (window: MixedWindow) => number | FloatHistogram | undefined;
  readonly keepsName?: boolean;
}

const floats = ({ from, to }: MixedWindow): number => to - from;

/** Histograms beside floats are left out, which is worth an info; alone they have no result. */
function ignoringHistograms(minFloats: number, kernel: FloatKernel): WindowFunction {
  return {
    minFloats,
    kernel,
    mixed: (window) => {
      if (floats(window) === 0) return undefined;
      const { annotations, name, range } = window.voice;
      annotations.add(annotate.histogramsIgnoredInRange(name, range));
      if (floats(window) < minFloats) return undefined;
      const { timestamps, values, from, to, startMs, endMs, evaluationMs, a, b } = window;
      return kernel(timestamps, values, from, to, startMs, endMs, evaluationMs, a, b);
    },
  };
}

/** A mix of floats and histograms has no result, with a warning. */
function eitherOr(
  minFloats: number,
  kernel: FloatKernel,
  histograms: (window: MixedWindow) => FloatHistogram | undefined,
): WindowFunction {
  return {
    minFloats,
    kernel,
    mixed: (window) => {
      if (floats(window) === 0) return histograms(window);
      const { annotations, name, range } = window.voice;
      annotations.add(annotate.mixedFloatsHistograms(name, range));
      return undefined;
    },
  };
}

function rateFunction(counter: boolean, perSecond: boolean): WindowFunction {
  return {
    ...eitherOr(
      2,
      (timestamps, values, from, to, startMs, endMs) =>
        extrapolatedRate(timestamps, values, from, to, startMs, endMs, counter, perSecond),
      (window) => rateOfHistograms(window, counter, perSecond),
    ),
    ...(counter
      ? {
          monotonicKernel: (timestamps, values, from, to, startMs, endMs) => {
            const first = values[from];
            const difference = values[to - 1] - first;
            const zeroRatio = difference > 0 && first >= 0 ? first / difference : -1;
            return (
              difference *
              extrapolationFactor(timestamps[from], timestamps[to - 1], to - from, startMs, endMs, zeroRatio, perSecond)
            );
          },
        }
      : {}),
  };
}

function rateOfHistograms(window: MixedWindow, counter: boolean, perSecond: boolean): FloatHistogram | undefined {
  const { histograms, startMs, endMs, voice, extended } = window;
  if (extended !== undefined) {
    return extendedHistogramRate(histograms, startMs, endMs, extended === 'smoothed', counter, perSecond, voice);
  }
  const { timestamps, values, from, to } = histograms;
  if (to - from < 2) return undefined;
  const difference = histogramDifference(histograms, counter, voice);
  if (difference === undefined) return undefined;
  const first = values[from].count;
  const zeroRatio = counter && difference.count > 0 && first >= 0 ? first / difference.count : -1;
  const count = to - from;
  return multiplyHistogram(
    difference,
    extrapolationFactor(timestamps[from], timestamps[to - 1], count, startMs, endMs, zeroRatio, perSecond),
  );
}

/** rate, increase and delta over an extended window of floats. */
export function extendedFloatRate(
  func: string,
  smoothed: boolean,
): (
  timestamps: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
  startMs: number,
  endMs: number,
) => number | undefined {
  const counter = func !== 'delta';
  return (timestamps, values, from, to, startMs, endMs) =>
    extendedRate(timestamps, values, from, to, startMs, endMs, smoothed, counter, func === 'rate');
}

/** irate and idelta look at the last two samples of either kind. */
function instantFunction(rate: boolean, kernel: FloatKernel): WindowFunction {
  return { minFloats: 2, kernel, mixed: (window) => instantMixed(window, rate, kernel) };
}

function instantMixed(window: MixedWindow, rate: boolean, kernel: FloatKernel): number | FloatHistogram | undefined {
  const { histograms, timestamps, values, from, to, voice } = window;
  if (floats(window) + histograms.to - histograms.from < 2) return undefined;
  const lastHistogramMs = histograms.to > histograms.from ? histograms.timestamps[histograms.to - 1] : -Infinity;
  const floatsAfter = countAfter(timestamps, from, to, lastHistogramMs);
  const range = window.callRange;
  const { annotations, name } = voice;
  if (floatsAfter >= 2) {
    return kernel(timestamps, values, from, to, window.startMs, window.endMs, window.evaluationMs, 0, 0);
  }
  const lastFloatMs = to > from ? timestamps[to - 1] : -Infinity;
  const second = histograms.to - 2;
  if (floatsAfter === 1 || second < histograms.from || histograms.timestamps[second] < lastFloatMs) {
    annotations.add(annotate.mixedFloatsHistograms(name, range));
    return undefined;
  }
  const a = histograms.values[second];
  const b = histograms.values[second + 1];
  const gauges = [a, b].filter(({ counterResetHint }) => counterResetHint === 'gauge').length;
  if (rate && gauges > 0) annotations.add(annotate.notCounter(name, range));
  if (!rate && gauges < 2) annotations.add(annotate.notGauge(name, range));
  let result = b;
  if (!rate || !isReset(b, a)) {
    const difference = subtractHistograms(b, a);
    if (difference === undefined) {
      annotations.add(annotate.mixedExponentialCustom(name, range));
      return undefined;
    }
    if (difference.reconciled) annotations.add(annotate.bucketsReconciled('subtraction', range));
    result = difference.histogram;
  }
  result = compactHistogram(withHint(result, 'gauge'));
  const seconds = (histograms.timestamps[second + 1] - histograms.timestamps[second]) / 1000;
  return rate ? divideHistogram(result, seconds) : result;
}

function countAfter(timestamps: Float64Array, from: number, to: number, timeMs: number): number {
  let first = to;
  while (first > from && timestamps[first - 1] > timeMs) first--;
  return to - first;
}

function aggregateHistograms(window: MixedWindow, mean: boolean): FloatHistogram | undefined {
  const { values, from, to } = window.histograms;
  const { annotations, name, range } = window.voice;
  const state = mean ? new HistogramMean(values[from]) : new HistogramSum(values[from]);
  let resets = values[from].counterResetHint === 'reset';
  let others = values[from].counterResetHint === 'not_reset';
  let reconciled = false;
  for (let i = from + 1; i < to; i++) {
    resets ||= values[i].counterResetHint === 'reset';
    others ||= values[i].counterResetHint === 'not_reset';
    const added = state.add(values[i], divideHistogram);
    if (added === undefined) {
      annotations.add(annotate.mixedExponentialCustom(name, range));
      return undefined;
    }
    reconciled ||= added.reconciled;
  }
  if (resets && others) annotations.add(annotate.resetCollision('aggregation', range));
  if (reconciled) annotations.add(annotate.bucketsReconciled('aggregation', range));
  return state.result(false);
}

/** Functions for which a histogram is a sample like any other. */
function ofAnySample(
  kernel: FloatKernel,
  mixed: (window: MixedWindow) => number | FloatHistogram | undefined,
  keepsName = false,
): WindowFunction {
  return { minFloats: 1, kernel, mixed, keepsName };
}

/** True if the earliest (or latest) sample is a histogram. */
function histogramFirst({ histograms, timestamps, from, to }: MixedWindow): boolean {
  return histograms.to > histograms.from && (to === from || histograms.timestamps[histograms.from] <= timestamps[from]);
}

function histogramLast({ histograms, timestamps, from, to }: MixedWindow): boolean {
  return (
    histograms.to > histograms.from && (to === from || histograms.timestamps[histograms.to - 1] >= timestamps[to - 1])
  );
}

/** Walks through samples of both kinds by time and counts the pairs of neighbours that differ. */
function countPairs(
  window: MixedWindow,
  floatsDiffer: (current: number, previous: number) => boolean,
  histogramsDiffer: (current: FloatHistogram, previous: FloatHistogram) => boolean,
): number | undefined {
  const { histograms, timestamps, values, from, to, extended, startMs } = window;
  let i = from;
  let j = histograms.from;
  let previous: number | FloatHistogram | undefined;
  let count = 0;
  let inWindow = false;
  while (i < to || j < histograms.to) {
    const takeFloat = j >= histograms.to || (i < to && timestamps[i] < histograms.timestamps[j]);
    const timeMs = takeFloat ? timestamps[i] : histograms.timestamps[j];
    const current = takeFloat ? values[i++] : histograms.values[j++];
    inWindow ||= timeMs > startMs;
    // An anchored window begins with the last sample before it, whichever kind it is.
    const beforeWindow = extended === 'anchored' && timeMs <= startMs;
    if (previous !== undefined && !beforeWindow) {
      if (typeof current === 'number') {
        if (typeof previous !== 'number' || floatsDiffer(current, previous)) count++;
      } else if (typeof previous === 'number' || histogramsDiffer(current, previous)) {
        count++;
      }
    }
    previous = current;
  }
  return extended === 'anchored' && !inWindow ? undefined : count;
}

const number = (kernel: (t: Float64Array, v: Float64Array, from: number, to: number) => number): FloatKernel => kernel;

/** The functions of range vectors, save `absent_over_time`, which looks at all series together. */
export const windowFunctions: ReadonlyMap<string, WindowFunction> = new Map<string, WindowFunction>([
  ['rate', rateFunction(true, true)],
  ['increase', rateFunction(true, false)],
  ['delta', rateFunction(false, false)],
  ['irate', instantFunction(true, number(instantRate))],
  ['idelta', instantFunction(false, number(instantDelta))],
  [
    'changes',
    ofAnySample(number(changesIn), (window) =>
      countPairs(
        window,
        (a, b) => a !== b && !(Number.isNaN(a) && Number.isNaN(b)),
        (a, b) => !equalHistograms(a, b),
      ),
    ),
  ],
  ['resets', ofAnySample(number(resetsIn), (window) => countPairs(window, (a, b) => a < b, isReset))],
  ['deriv', ignoringHistograms(2, number(derivative))],
  [
    'predict_linear',
    ignoringHistograms(2, (timestamps, values, from, to, _start, _end, evaluationMs, seconds) =>
      predictLinear(timestamps, values, from, to, evaluationMs, seconds),
    ),
  ],
  [
    'double_exponential_smoothing',
    ignoringHistograms(2, (_timestamps, values, from, to, _start, _end, _evaluationMs, smoothing, trend) =>
      doubleExponentialSmoothing(values, from, to, smoothing, trend),
    ),
  ],
  ['sum_over_time', eitherOr(1, number(overTime.sumOverTime), (window) => aggregateHistograms(window, false))],
  ['avg_over_time', eitherOr(1, number(overTime.avgOverTime), (window) => aggregateHistograms(window, true))],
  ['max_over_time', ignoringHistograms(1, number(overTime.maxOverTime))],
  ['min_over_time', ignoringHistograms(1, number(overTime.minOverTime))],
  ['stddev_over_time', ignoringHistograms(1, number(overTime.stddevOverTime))],
  ['stdvar_over_time', ignoringHistograms(1, number(overTime.stdvarOverTime))],
  ['mad_over_time', ignoringHistograms(1, number(overTime.madOverTime))],
  ['ts_of_max_over_time', ignoringHistograms(1, number(overTime.timeOfMax))],
  ['ts_of_min_over_time', ignoringHistograms(1, number(overTime.timeOfMin))],
  [
    'quantile_over_time',
    ignoringHistograms(1, (_timestamps, values, from, to, _start, _end, _evaluationMs, quantile) =>
      overTime.quantileOverTime(values, from, to, quantile),
    ),
  ],
  [
    'count_over_time',
    ofAnySample(
      number(overTime.countOverTime),
      (window) => floats(window) + window.histograms.to - window.histograms.from,
    ),
  ],
  ['present_over_time', ofAnySample(overTime.presentOverTime, () => 1)],
  [
    'first_over_time',
    ofAnySample(
      number(overTime.firstOverTime),
      (window) =>
        histogramFirst(window) ? window.histograms.values[window.histograms.from] : window.values[window.from],
      true,
    ),
  ],
  [
    'last_over_time',
    ofAnySample(
      number(overTime.lastOverTime),
      (window) =>
        histogramLast(window) ? window.histograms.values[window.histograms.to - 1] : window.values[window.to - 1],
      true,
    ),
  ],
  [
    'ts_of_first_over_time',
    ofAnySample(
      number(overTime.timeOfFirst),
      (window) =>
        (histogramFirst(window)
          ? window.histograms.timestamps[window.histograms.from]
          : window.timestamps[window.from]) / 1000,
    ),
  ],
  [
    'ts_of_last_over_time',
    ofAnySample(
      number(overTime.timeOfLast),
      (window) =>
        (histogramLast(window)
          ? window.histograms.timestamps[window.histograms.to - 1]
          : window.timestamps[window.to - 1]) / 1000,
    ),
  ],
]);
