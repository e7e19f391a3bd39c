import type { TextRange } from '@opsroom/contracts';
import {
  addHistograms,
  compactHistogram,
  divideHistogram,
  multiplyHistogram,
  subtractHistograms,
  toSchema,
} from '../histogram/arithmetic.js';
import type { FloatHistogram } from '../histogram/float-histogram.js';
import { CUSTOM_SCHEMA, noBuckets, pack, unpack, usesCustomBuckets, withHint } from '../histogram/layout.js';
import { isReset } from '../histogram/reset.js';
import { type AnnotationSet, annotate } from './annotations.js';

/** Where a window function tells what it came across. */
export interface Voice {
  readonly annotations: AnnotationSet;
  readonly name: string;
  readonly range: TextRange;
}

/** Samples `[from, to)` of a histogram column. */
export interface HistogramWindow {
  readonly timestamps: readonly number[];
  readonly values: readonly FloatHistogram[];
  readonly from: number;
  readonly to: number;
}

/** An empty histogram in the layout of another one. */
function emptyLike(histogram: FloatHistogram): FloatHistogram {
  return pack({
    schema: histogram.schema,
    zeroThreshold: 0,
    zeroCount: 0,
    count: 0,
    sum: 0,
    positive: noBuckets,
    negative: noBuckets,
    customValues: unpack(histogram).customValues,
    hint: 'unknown',
  });
}

/**
 * Last minus first with what was counted before each reset added back, as a gauge; undefined where the histograms do not
 * go together. At least two of them.
 */
export function histogramDifference(
  window: HistogramWindow,
  counter: boolean,
  voice: Voice,
): FloatHistogram | undefined {
  const { values, from, to } = window;
  const { annotations, name, range } = voice;
  let previous = values[from];
  const last = values[to - 1];
  if (counter && (previous.counterResetHint === 'gauge' || last.counterResetHint === 'gauge')) {
    annotations.add(annotate.notCounter(name, range));
  }
  // After a reset right behind it the first sample's layout does not matter.
  if (counter && isReset(values[from + 1], previous)) previous = emptyLike(values[from + 1]);
  const custom = usesCustomBuckets(previous);
  const mixed = (): undefined => {
    annotations.add(annotate.mixedExponentialCustom(name, range));
    return undefined;
  };
  if (usesCustomBuckets(last) !== custom) return mixed();
  let schema = Math.min(last.schema, previous.schema);
  if (counter) {
    for (let i = from + 1; i < to - 1; i++) {
      if (values[i].counterResetHint === 'gauge') annotations.add(annotate.notCounter(name, range));
      schema = Math.min(schema, values[i].schema);
      if (usesCustomBuckets(values[i]) !== custom) return mixed();
    }
  }
  const difference = subtractHistograms(schema === CUSTOM_SCHEMA ? last : toSchema(last, schema), previous);
  if (difference === undefined) return mixed();
  if (difference.reconciled) annotations.add(annotate.bucketsReconciled('subtraction', range));
  let result = difference.histogram;
  if (counter) {
    for (let i = from + 1; i < to; i++) {
      if (isReset(values[i], previous)) {
        const sum = addHistograms(result, previous);
        if (sum === undefined) return mixed();
        if (sum.reconciled) annotations.add(annotate.bucketsReconciled('addition', range));
        result = sum.histogram;
      }
      previous = values[i];
    }
  } else if (values[from].counterResetHint !== 'gauge' || last.counterResetHint !== 'gauge') {
    annotations.add(annotate.notGauge(name, range));
  }
  return compactHistogram(withHint(result, 'gauge'));
}

/** The histogram at a time between two; a counter that was reset between them began again at nothing. */
export function interpolateHistograms(
  a: FloatHistogram,
  aMs: number,
  b: FloatHistogram,
  bMs: number,
  timeMs: number,
  counter: boolean,
  reconciled: (operation: 'addition' | 'subtraction') => void,
): FloatHistogram | undefined {
  if (timeMs === aMs) return a;
  if (timeMs === bMs) return b;
  const share = (timeMs - aMs) / (bMs - aMs);
  if (counter && isReset(b, a)) return multiplyHistogram(b, share);
  const difference = subtractHistograms(b, a);
  if (difference === undefined) return undefined;
  if (difference.reconciled) reconciled('subtraction');
  const sum = addHistograms(multiplyHistogram(difference.histogram, share), a);
  if (sum === undefined) return undefined;
  if (sum.reconciled) reconciled('addition');
  return sum.histogram;
}

/** rate, increase and delta over an `anchored` or `smoothed` window of histograms; see `extendedRate`. */
export function extendedHistogramRate(
  window: HistogramWindow,
  windowStartMs: number,
  windowEndMs: number,
  smoothed: boolean,
  counter: boolean,
  perSecond: boolean,
  voice: Voice,
): FloatHistogram | undefined {
  const { timestamps, values, from, to } = window;
  const { annotations, name, range } = voice;
  const search = (end: number, holds: (timeMs: number) => boolean): number => {
    for (let i = from; i < end; i++) if (holds(timestamps[i])) return i;
    return end;
  };
  let last = to - 1;
  const first = Math.max(from, search(last, (timeMs) => timeMs > windowStartMs) - 1);
  if (smoothed) last = search(last, (timeMs) => timeMs >= windowEndMs);
  if (timestamps[last] <= windowStartMs) return undefined;
  if (smoothed && timestamps[first] > windowEndMs) return undefined;
  for (let i = first; i <= last; i++) {
    if (usesCustomBuckets(values[i]) !== usesCustomBuckets(values[first])) {
      annotations.add(annotate.mixedExponentialCustom(name, range));
      return undefined;
    }
    if (counter && values[i].counterResetHint === 'gauge') annotations.add(annotate.notCounter(name, range));
  }
  const tell = (operation: 'addition' | 'subtraction'): void =>
    annotations.add(annotate.bucketsReconciled(operation, range));
  const between = (i: number, timeMs: number): FloatHistogram | undefined =>
    interpolateHistograms(values[i], timestamps[i], values[i + 1], timestamps[i + 1], timeMs, counter, tell);
  const interpolatedLeft = smoothed && timestamps[first] < windowStartMs;
  const left = interpolatedLeft ? between(first, windowStartMs) : values[first];
  const right =
    smoothed && last > from && timestamps[last] > windowEndMs ? between(last - 1, windowEndMs) : values[last];
  if (left === undefined || right === undefined) return undefined;
  if (!counter && (left.counterResetHint !== 'gauge' || right.counterResetHint !== 'gauge')) {
    annotations.add(annotate.notGauge(name, range));
  }
  const difference = subtractHistograms(right, left);
  if (difference === undefined) return undefined;
  if (difference.reconciled) tell('subtraction');
  let result = difference.histogram;
  const addBack = (histogram: FloatHistogram): void => {
    const sum = addHistograms(result, histogram);
    if (sum === undefined) return;
    if (sum.reconciled) tell('addition');
    result = sum.histogram;
  };
  if (counter) {
    // The left bound stands for the first sample, and for a reset right after it if it was interpolated; the right one
    // for the last.
    let start = first + 1;
    let previous = left;
    if (interpolatedLeft && isReset(values[first + 1], values[first])) {
      previous = values[first + 1];
      start++;
    }
    if (start <= last) {
      for (let i = start; i < last; i++) {
        if (isReset(values[i], previous)) addBack(previous);
        previous = values[i];
      }
      if (isReset(right, previous)) addBack(previous);
    }
  }
  if (perSecond) result = divideHistogram(result, (windowEndMs - windowStartMs) / 1000);
  return compactHistogram(withHint(result, 'gauge'));
}
