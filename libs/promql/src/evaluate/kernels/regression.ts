import { KahanSum } from './kahan.js';

/** Slope per second, and the value at `interceptMs`. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** Least squares over the float samples `[from, to)`; NaN for both where the samples are one infinite value. */
function linearRegression(
  timestamps: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
  interceptMs: number,
): Line {
  const sumX = new KahanSum();
  const sumY = new KahanSum();
  const sumXY = new KahanSum();
  const sumX2 = new KahanSum();
  const first = values[from];
  let constant = true;
  for (let i = from; i < to; i++) {
    const y = values[i];
    if (constant && i > from && y !== first) constant = false;
    const x = (timestamps[i] - interceptMs) / 1000;
    sumX.add(x);
    sumY.add(y);
    sumXY.add(x * y);
    sumX2.add(x * x);
  }
  if (constant) {
    return Math.abs(first) === Infinity ? { slope: NaN, intercept: NaN } : { slope: 0, intercept: first };
  }
  const n = to - from;
  const covariance = sumXY.value - (sumX.value * sumY.value) / n;
  const variance = sumX2.value - (sumX.value * sumX.value) / n;
  const slope = covariance / variance;
  return { slope, intercept: sumY.value / n - (slope * sumX.value) / n };
}

/** Change per second. Times are taken from the first sample on, for the accuracy of the sums. */
export function derivative(timestamps: Float64Array, values: Float64Array, from: number, to: number): number {
  return linearRegression(timestamps, values, from, to, timestamps[from]).slope;
}

/** The line's value `seconds` after `evaluationMs`. */
export function predictLinear(
  timestamps: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
  evaluationMs: number,
  seconds: number,
): number {
  const { slope, intercept } = linearRegression(timestamps, values, from, to, evaluationMs);
  return slope * seconds + intercept;
}

/** Holt's linear method; both factors lie between 0 and 1, exclusive. At least two samples. */
export function doubleExponentialSmoothing(
  values: Float64Array,
  from: number,
  to: number,
  smoothing: number,
  trend: number,
): number {
  let previous = 0;
  let current = values[from];
  let slope = values[from + 1] - values[from];
  for (let i = from + 1; i < to; i++) {
    if (i > from + 1) slope = trend * (current - previous) + (1 - trend) * slope;
    const next = smoothing * values[i] + (1 - smoothing) * (current + slope);
    previous = current;
    current = next;
  }
  return current;
}
