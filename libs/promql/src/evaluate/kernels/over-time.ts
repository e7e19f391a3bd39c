/**
 * Kernels of the `*_over_time` functions: pure functions over the float samples `[from, to)` of a window, by ascending time
 * and without stale markers. The caller sees to it that the window is not empty.
 */
import { quantileOf } from './quantile.js';

export function sumOverTime(_timestamps: Float64Array, values: Float64Array, from: number, to: number): number {
  let sum = 0;
  let compensation = 0;
  for (let i = from; i < to; i++) {
    const value = values[i];
    const total = sum + value;
    if (total === Infinity || total === -Infinity) compensation = 0;
    else if (Math.abs(sum) >= Math.abs(value)) compensation += sum - total + value;
    else compensation += value - total + sum;
    sum = total;
  }
  return sum === Infinity || sum === -Infinity ? sum : sum + compensation;
}

/** The mean as sum by count; once the sum would overflow, an incremental mean goes on from what was reached. */
export function avgOverTime(_timestamps: Float64Array, values: Float64Array, from: number, to: number): number {
  let sum = values[from];
  let compensation = 0;
  for (let i = from + 1; i < to; i++) {
    const value = values[i];
    const total = sum + value;
    if (total === Infinity || total === -Infinity) {
      return incrementalMean(values, i, to, sum / (i - from), compensation / (i - from), i - from);
    }
    if (Math.abs(sum) >= Math.abs(value)) compensation += sum - total + value;
    else compensation += value - total + sum;
    sum = total;
  }
  const count = to - from;
  return sum / count + compensation / count;
}

function incrementalMean(
  values: Float64Array,
  from: number,
  to: number,
  meanSoFar: number,
  compensationSoFar: number,
  countSoFar: number,
): number {
  let mean = meanSoFar;
  let compensation = compensationSoFar;
  let count = countSoFar;
  for (let i = from; i < to; i++) {
    count++;
    const weight = (count - 1) / count;
    const value = values[i] / count;
    const scaled = weight * mean;
    const total = scaled + value;
    compensation = weight * compensation;
    if (total === Infinity || total === -Infinity) compensation = 0;
    else if (Math.abs(scaled) >= Math.abs(value)) compensation += scaled - total + value;
    else compensation += value - total + scaled;
    mean = total;
  }
  return mean + compensation;
}

export function countOverTime(_timestamps: Float64Array, _values: Float64Array, from: number, to: number): number {
  return to - from;
}

export function presentOverTime(): number {
  return 1;
}

export function firstOverTime(_timestamps: Float64Array, values: Float64Array, from: number): number {
  return values[from];
}

export function lastOverTime(_timestamps: Float64Array, values: Float64Array, _from: number, to: number): number {
  return values[to - 1];
}

/** NaN only where every sample is NaN. */
export function maxOverTime(_timestamps: Float64Array, values: Float64Array, from: number, to: number): number {
  let max = values[from];
  for (let i = from + 1; i < to; i++) {
    const value = values[i];
    if (value > max || max !== max) max = value;
  }
  return max;
}

export function minOverTime(_timestamps: Float64Array, values: Float64Array, from: number, to: number): number {
  let min = values[from];
  for (let i = from + 1; i < to; i++) {
    const value = values[i];
    if (value < min || min !== min) min = value;
  }
  return min;
}

export function timeOfFirst(timestamps: Float64Array, _values: Float64Array, from: number): number {
  return timestamps[from] / 1000;
}

export function timeOfLast(timestamps: Float64Array, _values: Float64Array, _from: number, to: number): number {
  return timestamps[to - 1] / 1000;
}

/** When the greatest value was last reached, in seconds. */
export function timeOfMax(timestamps: Float64Array, values: Float64Array, from: number, to: number): number {
  let best = from;
  for (let i = from + 1; i < to; i++) {
    if (values[i] >= values[best] || Number.isNaN(values[best])) best = i;
  }
  return timestamps[best] / 1000;
}

export function timeOfMin(timestamps: Float64Array, values: Float64Array, from: number, to: number): number {
  let best = from;
  for (let i = from + 1; i < to; i++) {
    if (values[i] <= values[best] || Number.isNaN(values[best])) best = i;
  }
  return timestamps[best] / 1000;
}

/** Population variance by Welford's method, both sums compensated. */
export function stdvarOverTime(_timestamps: Float64Array, values: Float64Array, from: number, to: number): number {
  let count = 0;
  let mean = 0;
  let meanC = 0;
  let aux = 0;
  let auxC = 0;
  for (let i = from; i < to; i++) {
    const value = values[i];
    count++;
    const delta = value - (mean + meanC);
    const step = delta / count;
    const newMean = mean + step;
    if (newMean === Infinity || newMean === -Infinity) meanC = 0;
    else if (Math.abs(mean) >= Math.abs(step)) meanC += mean - newMean + step;
    else meanC += step - newMean + mean;
    mean = newMean;
    const square = delta * (value - (mean + meanC));
    const newAux = aux + square;
    if (newAux === Infinity || newAux === -Infinity) auxC = 0;
    else if (Math.abs(aux) >= Math.abs(square)) auxC += aux - newAux + square;
    else auxC += square - newAux + aux;
    aux = newAux;
  }
  return (aux + auxC) / count;
}

export function stddevOverTime(timestamps: Float64Array, values: Float64Array, from: number, to: number): number {
  return Math.sqrt(stdvarOverTime(timestamps, values, from, to));
}

export function quantileOverTime(values: Float64Array, from: number, to: number, quantile: number): number {
  return quantileOf(quantile, values.slice(from, to));
}

/** Median of the absolute distances from the median; NaN if any value is. */
export function madOverTime(_timestamps: Float64Array, values: Float64Array, from: number, to: number): number {
  const window = values.slice(from, to);
  if (window.some(Number.isNaN)) return NaN;
  const median = quantileOf(0.5, window);
  for (let i = 0; i < window.length; i++) window[i] = Math.abs(values[from + i] - median);
  return quantileOf(0.5, window);
}
