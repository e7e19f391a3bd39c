import type { TimeRange } from './reach.js';

/** What a topic has shown and what has come since; all times in ms. */
export interface Progress {
  readonly stepMs: number;
  readonly windowMs: number;
  /** The newest column on the grid. */
  readonly lastGridMs: number;
  /** Newest sample of its series. */
  readonly newestMs: number;
  /** Earliest and latest time of samples that came since the last evaluation; Infinity and -Infinity when none did. */
  readonly dirtyFromMs: number;
  readonly dirtyToMs: number;
  readonly leastMs: number;
  readonly mostMs: number;
  readonly pinned: readonly TimeRange[];
}

/** Columns to evaluate: past ones anew, then those that are new on the grid, then the tip. */
export interface ColumnsDue {
  readonly corrections: { readonly startMs: number; readonly endMs: number } | undefined;
  readonly columns: { readonly startMs: number; readonly endMs: number } | undefined;
  readonly tipMs: number | undefined;
  /** More of the past may have changed than corrections are worth: the topic starts anew. */
  readonly reset: boolean;
}

/** More columns than these are not corrected one by one. */
const MAX_CORRECTIONS = 600;

const floorTo = (timeMs: number, stepMs: number): number => Math.floor(timeMs / stepMs) * stepMs;
const ceilTo = (timeMs: number, stepMs: number): number => Math.ceil(timeMs / stepMs) * stepMs;

/**
 * Decides which columns a topic owes its watchers. `untilMs` is the time up to which the grid is to be filled without a new
 * sample (the beat); -Infinity when only arrival drives. Nothing is evaluated ahead of `nowMs`.
 */
export function columnsDue(progress: Progress, nowMs: number, untilMs: number): ColumnsDue {
  const { stepMs, windowMs, lastGridMs, leastMs, mostMs, dirtyFromMs, dirtyToMs } = progress;
  const arrived = dirtyFromMs <= dirtyToMs;
  const newestMs = Math.min(progress.newestMs, nowMs);
  const seenMs = arrived ? newestMs : -Infinity;
  const endMs = Math.max(lastGridMs, floorTo(Math.max(seenMs, Math.min(untilMs, nowMs)), stepMs));
  if (endMs - lastGridMs > windowMs) return { ...NOTHING, reset: true };
  const columns = endMs > lastGridMs ? { startMs: lastGridMs + stepMs, endMs } : undefined;
  const tipMs = arrived && newestMs > endMs ? newestMs : undefined;
  if (!arrived) return { corrections: undefined, columns, tipMs: undefined, reset: false };
  if (progress.pinned.some((range) => range.fromMs <= dirtyToMs && dirtyFromMs <= range.toMs)) {
    return { ...NOTHING, reset: true };
  }

  const startMs = Math.max(ceilTo(dirtyFromMs + leastMs, stepMs), ceilTo(endMs - windowMs, stepMs));
  const stopMs = Math.min(lastGridMs, floorTo(dirtyToMs + mostMs, stepMs));
  if (startMs > stopMs) return { corrections: undefined, columns, tipMs, reset: false };
  if ((stopMs - startMs) / stepMs >= MAX_CORRECTIONS) return { ...NOTHING, reset: true };
  return { corrections: { startMs, endMs: stopMs }, columns, tipMs, reset: false };
}

const NOTHING = { corrections: undefined, columns: undefined, tipMs: undefined };
