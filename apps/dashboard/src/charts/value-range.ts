import type { Unit } from '../format/units.js';

/** Smallest and greatest value that is drawn; `min > max` when there is none. */
export interface Extent {
  readonly min: number;
  readonly max: number;
}

/** A value axis: both ends stand on its steps. */
export interface ValueRange extends Extent {
  readonly step: number;
}

export interface RangeOptions {
  readonly unit: Unit;
  /** The axis has at most so many steps. */
  readonly steps: number;
  /** Values that the axis shows whatever the data: a threshold. */
  readonly include: readonly number[];
  /** The axis reaches at least from here … */
  readonly softMin?: number | undefined;
  /** … to here. */
  readonly softMax?: number | undefined;
}

/** A range and since when (in the axis's time) a much smaller one would have done. */
export interface RangeState {
  readonly range: ValueRange;
  readonly roomySinceMs: number | null;
}

/** How long the data must have been small before the axis shrinks, so that a passing spike does not make it jump twice. */
const SHRINK_AFTER_MS = 10_000;
/** The axis shrinks only when it would come down to this part of its height. */
const SHRINK_BELOW = 0.6;

const SECOND_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** The smallest step that people count in which is no smaller than `atLeast` (> 0). */
export function niceStep(atLeast: number, unit: Unit): number {
  if ((unit === 'bytes' || unit === 'bytesPerSecond') && atLeast > 0.5)
    return 2 ** Math.ceil(Math.log2(atLeast) - 1e-9);
  if (unit === 'seconds' && atLeast > 0.5) {
    const found = SECOND_STEPS.find((step) => step >= atLeast);
    return found ?? 86_400 * decimalStep(atLeast / 86_400);
  }
  return decimalStep(atLeast);
}

function decimalStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const factor = [1, 2, 2.5, 5, 10].find((times) => times * power >= atLeast * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/**
 * The range of an axis for the data. Zero belongs to it unless that would flatten the data to a line (all of it within
 * the upper third); percentages do not go past 100 while the data do not.
 */
export function fitRange(data: Extent, options: RangeOptions): ValueRange {
  let low = Math.min(data.min, options.softMin ?? Infinity, ...options.include);
  // A threshold at the very top would have no room for its word.
  const included = options.include.map((value) => (value > data.max && value > 0 ? value * 1.05 : value));
  let high = Math.max(data.max, options.softMax ?? -Infinity, ...included);
  if (!(low <= high)) return { min: 0, max: 1, step: options.unit === 'percent' ? 0.5 : 0.25 };
  const counts = options.unit !== 'none';
  if (low > 0 && (counts || low < high * 0.66)) low = 0;
  if (high < 0 && (counts || high > low * 0.66)) high = 0;
  if (low === high) {
    // A flat line: zero stands at the bottom, anything else in the middle.
    const room = low === 0 ? 1 : Math.abs(low) * 0.5;
    high += room;
    if (low !== 0) low -= room;
  }
  const cap = options.unit === 'percent' ? 100 : options.unit === 'ratio' ? 1 : Infinity;
  const step = niceStep((high - low) / Math.max(1, options.steps), options.unit);
  const min = Math.floor(low / step + 1e-9) * step;
  const max = Math.ceil(high / step - 1e-9) * step;
  return { min, max: high <= cap && max > cap && cap - min >= step ? Math.max(cap, high) : max, step };
}

/**
 * The range for the next frame. It grows at once when the data leave it, and shrinks only when the data have needed
 * much less for a while. The same object comes back while the range stays.
 */
export function keepRange(state: RangeState | null, data: Extent, options: RangeOptions, nowMs: number): RangeState {
  const fit = fitRange(data, options);
  if (state === null) return { range: fit, roomySinceMs: null };
  const { range, roomySinceMs } = state;
  if (!(data.min <= data.max)) return state;
  const needed = [data.min, data.max, ...options.include];
  if (needed.some((value) => value < range.min || value > range.max)) return { range: fit, roomySinceMs: null };
  const roomy = fit.max - fit.min <= (range.max - range.min) * SHRINK_BELOW;
  if (!roomy) return roomySinceMs === null ? state : { range, roomySinceMs: null };
  if (roomySinceMs === null) return { range, roomySinceMs: nowMs };
  return nowMs - roomySinceMs >= SHRINK_AFTER_MS ? { range: fit, roomySinceMs: null } : state;
}

/** The ticks of a range, ends included. */
export function valueTicks(range: ValueRange): number[] {
  const ticks: number[] = [];
  const count = Math.floor((range.max - range.min) / range.step + 1e-6);
  for (let i = 0; i <= count; i++) {
    const tick = range.min + i * range.step;
    // Sums of steps such as 0.1 + 0.2 carry dust that a label would show.
    ticks.push(Math.abs(tick) < range.step * 1e-9 ? 0 : Number(tick.toPrecision(12)));
  }
  return ticks;
}
