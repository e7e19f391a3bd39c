/**
 * A window on columns of samples: one time column that all series share and one value column per series, physical
 * indexes `start` (inclusive) to `end` (exclusive), times ascending. NaN (the stale marker or any other) draws nothing.
 */
export interface ColumnView {
  readonly times: Float64Array;
  readonly values: readonly Float64Array[];
  readonly start: number;
  readonly end: number;
}

export const EMPTY_VIEW: ColumnView = { times: new Float64Array(0), values: [], start: 0, end: 0 };

/** Index of the first column at or after `timeMs`; `end` when all are earlier. */
export function lowerBound(view: Pick<ColumnView, 'times' | 'start' | 'end'>, timeMs: number): number {
  let low = view.start;
  let high = view.end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (view.times[middle] < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the column nearest to `timeMs`, or -1 when there is none. */
export function nearestColumn(view: Pick<ColumnView, 'times' | 'start' | 'end'>, timeMs: number): number {
  if (view.end <= view.start) return -1;
  const after = lowerBound(view, timeMs);
  if (after === view.start) return after;
  if (after === view.end) return after - 1;
  return timeMs - view.times[after - 1] <= view.times[after] - timeMs ? after - 1 : after;
}

/**
 * Columns on their way from the page's ring to the plot that draws them, perhaps in a worker. They replace everything
 * from `fromMs` on; what is before `keepFromMs` is forgotten. `values` is series after series, each as long as `times`.
 */
export interface ColumnPatch {
  readonly fromMs: number;
  readonly keepFromMs: number;
  readonly series: number;
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Copies the part of a view from `fromMs` on into a patch that may be transferred. */
export function patchFrom(view: ColumnView, fromMs: number, keepFromMs: number): ColumnPatch {
  const first = lowerBound(view, Math.max(fromMs, keepFromMs));
  const count = view.end - first;
  const values = new Float64Array(count * view.values.length);
  view.values.forEach((column, series) => values.set(column.subarray(first, view.end), series * count));
  return { fromMs, keepFromMs, series: view.values.length, times: view.times.slice(first, view.end), values };
}

/** A copy that stays as it is while the ring moves on. */
export function freezeView(view: ColumnView): ColumnView {
  return {
    times: view.times.slice(view.start, view.end),
    values: view.values.map((column) => column.slice(view.start, view.end)),
    start: 0,
    end: view.end - view.start,
  };
}

/** The drawing side's copy of the columns. It grows by doubling and moves its content to the front when it is full. */
export class ColumnStore implements ColumnView {
  times = new Float64Array(0);
  values: Float64Array<ArrayBuffer>[] = [];
  start = 0;
  end = 0;

  apply(patch: ColumnPatch): void {
    this.end = lowerBound(this, patch.fromMs);
    this.start = Math.min(lowerBound(this, patch.keepFromMs), this.end);
    const count = patch.times.length;
    this.widen(patch.series);
    this.reserve(count);
    this.times.set(patch.times, this.end);
    for (const [series, column] of this.values.entries()) {
      if (series < patch.series) column.set(patch.values.subarray(series * count, (series + 1) * count), this.end);
      else column.fill(NaN, this.end, this.end + count);
    }
    this.end += count;
  }

  /** New series have no values in the columns that are there already. */
  private widen(series: number): void {
    while (this.values.length < series) this.values.push(new Float64Array(this.times.length).fill(NaN));
  }

  private reserve(count: number): void {
    const capacity = this.times.length;
    if (this.end + count <= capacity) return;
    const length = this.end - this.start;
    // Moving is worth it only when it frees at least half; otherwise each append would move everything.
    const wanted = (length + count) * 2 <= capacity ? capacity : Math.max(64, (length + count) * 2);
    const move = (column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
      if (wanted === capacity) return column.copyWithin(0, this.start, this.end);
      const moved = new Float64Array(wanted);
      moved.set(column.subarray(this.start, this.end));
      return moved;
    };
    this.times = move(this.times);
    this.values = this.values.map(move);
    this.start = 0;
    this.end = length;
  }
}
