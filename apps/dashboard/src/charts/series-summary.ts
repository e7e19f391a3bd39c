import type { ColumnView } from './columns.js';

export interface SeriesSummary {
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
}

/** Least, mean and greatest of a series' finite values; null when it has none. */
export function seriesSummary(view: ColumnView, series: number): SeriesSummary {
  const values = view.values[series];
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let count = 0;
  for (let i = view.start; i < view.end; i++) {
    const value = values?.[i];
    if (value === undefined || !Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    count++;
  }
  return count === 0 ? { min: null, mean: null, max: null } : { min, mean: sum / count, max };
}
