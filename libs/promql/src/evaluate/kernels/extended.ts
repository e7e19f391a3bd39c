/**
 * Kernels of the extended range selectors. `anchored` takes the last sample at or before the window's start as its value
 * there; `smoothed` interpolates at both bounds. `[from, to)` therefore holds float samples from before the window and, for
 * `smoothed`, from after it.
 */

/** The samples that a window comes down to: indices, the values at its bounds. */
export interface ExtendedWindow {
  readonly first: number;
  readonly last: number;
  readonly left: number;
  readonly right: number;
}

/** The value at `timeMs` on the line between samples i and i+1; a counter that was reset between them began again at 0. */
export function interpolate(
  timestamps: Float64Array,
  values: Float64Array,
  i: number,
  timeMs: number,
  counter: boolean,
): number {
  const y2 = values[i + 1];
  const y1 = counter && y2 < values[i] ? 0 : values[i];
  return y1 + ((y2 - y1) * (timeMs - timestamps[i])) / (timestamps[i + 1] - timestamps[i]);
}

/** First index in [from, to) whose sample is later than (or, with `inclusive`, at) the time; `to` if there is none. */
export function firstAfter(
  timestamps: Float64Array,
  from: number,
  to: number,
  timeMs: number,
  inclusive: boolean,
): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timestamps[middle] > timeMs || (inclusive && timestamps[middle] === timeMs)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Undefined where no sample tells of the window. */
export function extendWindow(
  timestamps: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
  windowStartMs: number,
  windowEndMs: number,
  smoothed: boolean,
  counter: boolean,
): ExtendedWindow | undefined {
  let last = to - 1;
  const first = Math.max(from, firstAfter(timestamps, from, last, windowStartMs, false) - 1);
  if (smoothed) last = firstAfter(timestamps, from, last, windowEndMs, true);
  if (timestamps[last] <= windowStartMs) return undefined;
  if (smoothed && timestamps[first] > windowEndMs) return undefined;
  const left =
    smoothed && timestamps[first] < windowStartMs
      ? interpolate(timestamps, values, first, windowStartMs, counter)
      : values[first];
  const right =
    smoothed && last > from && timestamps[last] > windowEndMs
      ? interpolate(timestamps, values, last - 1, windowEndMs, counter)
      : values[last];
  return { first, last, left, right };
}

/** rate, increase and delta without extrapolation: the difference between the values at the bounds, resets added back. */
export function extendedRate(
  timestamps: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
  windowStartMs: number,
  windowEndMs: number,
  smoothed: boolean,
  counter: boolean,
  perSecond: boolean,
): number | undefined {
  const window = extendWindow(timestamps, values, from, to, windowStartMs, windowEndMs, smoothed, counter);
  if (window === undefined) return undefined;
  let result = window.right - window.left;
  if (counter) {
    let { first, last } = window;
    // The samples at the bounds are in `left` and `right` already, resets beside them too.
    if (timestamps[first] <= windowStartMs) first++;
    if (timestamps[last] >= windowEndMs) last--;
    let previous = window.left;
    let correction = 0;
    for (let i = first; i <= last; i++) {
      if (values[i] < previous) correction += previous;
      previous = values[i];
    }
    if (window.right < previous) correction += previous;
    result += correction;
  }
  return perSecond ? result / ((windowEndMs - windowStartMs) / 1000) : result;
}
