/**
 * Kernels of rate, increase, delta, irate and idelta over the float samples `[from, to)` of a window, by ascending time and
 * without stale markers; at least two of them. The window is left-open: (windowStartMs, windowEndMs].
 */

/**
 * Last minus first with the value before every counter reset added back, extrapolated towards the window's bounds: all the
 * way where the first or last sample is within 1.1 average intervals of its bound, by half an interval otherwise, and for
 * counters never below zero. `perSecond` divides by the window's length.
 */
export function extrapolatedRate(
  timestamps: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
  windowStartMs: number,
  windowEndMs: number,
  counter: boolean,
  perSecond: boolean,
): number {
  let difference = values[to - 1] - values[from];
  if (counter) {
    for (let i = from + 1; i < to; i++) if (values[i] < values[i - 1]) difference += values[i - 1];
  }
  const factor = extrapolationFactor(
    timestamps[from],
    timestamps[to - 1],
    to - from,
    windowStartMs,
    windowEndMs,
    counter && difference > 0 && values[from] >= 0 ? values[from] / difference : -1,
    perSecond,
  );
  return difference * factor;
}

/**
 * By how much a difference between two samples is scaled up to its window. `zeroRatio` is the first value by the difference
 * where that says how far back the counter was zero, -1 where it does not.
 */
export function extrapolationFactor(
  firstMs: number,
  lastMs: number,
  count: number,
  windowStartMs: number,
  windowEndMs: number,
  zeroRatio: number,
  perSecond: boolean,
): number {
  let toStart = (firstMs - windowStartMs) / 1000;
  let toEnd = (windowEndMs - lastMs) / 1000;
  const sampled = (lastMs - firstMs) / 1000;
  const average = sampled / (count - 1);
  const threshold = average * 1.1;
  if (toStart >= threshold) toStart = average / 2;
  if (zeroRatio >= 0) {
    const toZero = sampled * zeroRatio;
    if (toZero < toStart) toStart = toZero;
  }
  if (toEnd >= threshold) toEnd = average / 2;
  const factor = (sampled + toStart + toEnd) / sampled;
  return perSecond ? factor / ((windowEndMs - windowStartMs) / 1000) : factor;
}

/** The difference of the last two samples per second; after a counter reset the last value stands for the difference. */
export function instantRate(timestamps: Float64Array, values: Float64Array, _from: number, to: number): number {
  const last = values[to - 1];
  const previous = values[to - 2];
  const difference = last < previous ? last : last - previous;
  return difference / ((timestamps[to - 1] - timestamps[to - 2]) / 1000);
}

export function instantDelta(_timestamps: Float64Array, values: Float64Array, _from: number, to: number): number {
  return values[to - 1] - values[to - 2];
}
