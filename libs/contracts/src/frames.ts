import type { AlertView } from './alerts.js';
import type { LabelSet } from './labels.js';
import type { Position } from './topics.js';

/**
 * A value in a text frame. JSON has no NaN and no infinities, so they travel as Prometheus prints them; `null` means
 * that the series has no value at that time (absent or stale).
 */
export type WireValue = number | 'NaN' | '+Inf' | '-Inf' | null;

/** Times that let a page say how fresh it is; all in ms since 1970, by the server's clock. */
export interface Freshness {
  /** Time of the newest sample that the expression has read; 0 if it has read none. */
  readonly newestMs: number;
  /** When the frame was evaluated. */
  readonly evaluatedMs: number;
}

/**
 * The whole of a metrics topic for one watcher. Columns are binary attachments, little-endian Float64: `times` has one
 * entry per point; `values` is series after series, each as long as `times`. Absent is the NaN with the bits of
 * Prometheus's stale marker, 0x7ff0000000000002; any other NaN is a value.
 */
export interface MetricsSnapshot extends Freshness {
  readonly kind: 'snapshot';
  readonly topic: string;
  readonly position: Position;
  readonly stepMs: number;
  readonly windowMs: number;
  /** The last point is provisional: the next column replaces it (see MetricsColumn.tip). */
  readonly tip: boolean;
  readonly series: readonly LabelSet[];
  readonly times: ArrayBuffer;
  readonly values: ArrayBuffer;
  /** Set when the server thinned the points out to `maxPoints`, keeping each bucket's minimum and maximum. */
  readonly thinned?: boolean;
  /** Warnings and infos of the evaluation, in words. */
  readonly annotations?: readonly string[];
}

/**
 * One point in time of a delta.
 * `changes` lists, as index and value by turns, the series whose value differs from the topic's previously sent column
 * (`tip` or not); all others keep theirs. After a snapshot the previous column is its last one.
 */
export interface MetricsColumn {
  readonly timeMs: number;
  /**
   * A tip stands off the step's grid, at the time of the newest sample, so that a value is seen at once. The next
   * column takes its place, whatever its time.
   */
  readonly tip: boolean;
  readonly changes: readonly WireValue[];
}

/**
 * What changed since the frame before, in the short form of the wire:
 * `t` topic, `e` epoch, `o` offset, `n` newestMs, `v` evaluatedMs, `s` series that are new as [index, labels],
 * `c` columns as [timeMs, tip 0|1, changes], `r` columns of the past that a late sample changed, as
 * [timeMs, every series' value in index order]; `a` annotations when they changed.
 */
export interface MetricsDelta {
  readonly t: string;
  readonly e: string;
  readonly o: number;
  readonly n: number;
  readonly v: number;
  readonly s?: readonly (readonly [number, LabelSet])[];
  readonly c: readonly (readonly [number, 0 | 1, readonly WireValue[]])[];
  readonly r?: readonly (readonly [number, readonly WireValue[]])[];
  readonly a?: readonly string[];
}

export type MetricsFrame = MetricsSnapshot | MetricsDelta;

export const isSnapshot = (frame: MetricsFrame): frame is MetricsSnapshot => 'kind' in frame;

/** The alerts that a topic's matchers select: all of them, or what changed. */
export type AlertsFrame =
  | {
      readonly kind: 'snapshot';
      readonly topic: string;
      readonly position: Position;
      readonly alerts: readonly AlertView[];
    }
  | {
      readonly kind: 'delta';
      readonly topic: string;
      readonly position: Position;
      readonly changed: readonly AlertView[];
      /** Fingerprints of alerts that the topic no longer has. */
      readonly removed: readonly string[];
    };

/** Puts a number into its wire form. */
export function toWire(value: number): Exclude<WireValue, null> {
  if (Number.isFinite(value)) return value;
  return value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN';
}

/** Reads a wire value; `null` has no number and stays null. */
export function fromWire(value: WireValue): number | null {
  if (typeof value === 'number' || value === null) return value;
  return value === '+Inf' ? Infinity : value === '-Inf' ? -Infinity : NaN;
}
