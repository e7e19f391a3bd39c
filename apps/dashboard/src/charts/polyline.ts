/** Where a line is drawn: the part of a canvas context that a polyline needs. */
export interface Pen {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/** Maps values to whole device pixels: `bottom - (value - min) * perUnit`. */
export interface ValueMap {
  readonly bottom: number;
  readonly min: number;
  readonly perUnit: number;
}

/**
 * Traces one series: the columns `first` to `last` (exclusive) of `values`, at the whole device pixels `x` (indexed from
 * 0 for `first`). Columns of one pixel become a vertical stroke from their minimum to their maximum, entered at their first and
 * left at their last value, so that no spike is lost and joins are exact. The line breaks where a value is NaN and before each
 * column whose `breaks` is set (indexed like `x`), and a point that stands alone is drawn one pixel wide.
 */
export function tracePolyline(
  pen: Pen,
  values: Float64Array,
  first: number,
  last: number,
  x: Int32Array,
  breaks: Uint8Array,
  map: ValueMap,
): void {
  const { bottom, min: origin, perUnit } = map;
  const count = last - first;
  let vertices = 0;
  let lastX = 0;
  let lastY = 0;
  let i = 0;
  while (i < count) {
    const firstValue = values[first + i];
    const broken = breaks[i] === 1;
    if (firstValue !== firstValue || broken) {
      if (vertices === 1) pen.lineTo(lastX + 1, lastY);
      vertices = 0;
      if (firstValue !== firstValue) {
        i++;
        continue;
      }
    }
    const pixel = x[i];
    let low = firstValue;
    let high = firstValue;
    let lastValue = firstValue;
    i++;
    while (i < count && x[i] === pixel) {
      const value = values[first + i];
      i++;
      if (value !== value) continue;
      if (value < low) low = value;
      else if (value > high) high = value;
      lastValue = value;
    }
    const y = Math.round(bottom - (firstValue - origin) * perUnit);
    if (vertices === 0) pen.moveTo(pixel, y);
    else pen.lineTo(pixel, y);
    vertices++;
    lastX = pixel;
    lastY = y;
    if (low !== high) {
      const yHigh = Math.round(bottom - (high - origin) * perUnit);
      const yLow = Math.round(bottom - (low - origin) * perUnit);
      const yLast = Math.round(bottom - (lastValue - origin) * perUnit);
      if (yLow !== y) pen.lineTo(pixel, yLow);
      if (yHigh !== yLow) pen.lineTo(pixel, yHigh);
      if (yLast !== yHigh) pen.lineTo(pixel, yLast);
      if (yLow !== yHigh) vertices++;
      lastY = yLast;
    }
  }
  if (vertices === 1) pen.lineTo(lastX + 1, lastY);
}

/** Marks the columns that do not join the one before them: more than `gapMs` lies between. Writes into `breaks` from index 0. */
export function markGaps(times: Float64Array, first: number, last: number, gapMs: number, breaks: Uint8Array): void {
  breaks[0] = 0;
  for (let i = first + 1; i < last; i++) {
    breaks[i - first] = times[i] - times[i - 1] > gapMs ? 1 : 0;
  }
}
