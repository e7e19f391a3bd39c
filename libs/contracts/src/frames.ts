import type { AlertView } from './alerts.js';
import type { LabelSet } from './labels.js';
import type { Position } from './topics.js';

/**
 * A value in a text frame. JSON has no NaN, no infinities and no negative zero, so they travel as text; `null` means that
 * the series has no value at that time (absent or stale).
 */
export type WireValue = number | 'NaN' | '+Inf' | '-Inf' | '-0' | null;

/** Times that let a page say how fresh it is; all in ms since 1970, by the server's clock. */
export interface Freshness {
  /** Time of the newest sample that the expression has read; 0 if it has read none. */
  readonly newestMs: number;
  /** When the frame was evaluated. */
  readonly evaluatedMs: number;
}

/** Float64, little-endian, as bytes: an ArrayBuffer in browsers, a view into some buffer elsewhere. */
export type BinaryColumns = ArrayBuffer | Uint8Array;

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
  /** The last column is provisional: the next one takes its place (see WireColumn). */
  readonly tip: boolean;
  readonly series: readonly LabelSet[];
  readonly times: BinaryColumns;
  readonly values: BinaryColumns;
  /** Set when the server thinned the points out to `maxPoints`, keeping each bucket's minimum and maximum. */
  readonly thinned?: boolean;
  /** Warnings and infos of the evaluation, in words. */
  readonly annotations?: readonly string[];
}

/**
 * Index and value by turns: the series whose value differs from what the watcher has, and their values. A series that is
 * not listed keeps its value.
 */
export type WireChanges = readonly WireValue[];

/**
 * One point in time, as [timeMs, tip, changes]; the changes are against the last column that the watcher has, tip or not.
 * `tip` 1 stands off the step's grid, at the time of the newest sample, so that a value is seen at once. The column takes the
 * place of the last one if that is a tip or has the same time; otherwise it is appended.
 */
export type WireColumn = readonly [timeMs: number, tip: 0 | 1, changes: WireChanges];

/**
 * What changed, in the short form of the wire. A watcher applies `s`, then `c`, then `r`, then forgets the columns that are
 * older than the last column's time less the topic's window.
 */
export interface MetricsDelta {
  /** Key of the topic. */
  readonly t: string;
  /** Epoch of the position. */
  readonly e: string;
  /** Offset of the position after this frame. */
  readonly o: number;
  /** Offset that the frame continues from; absent: `o - 1`. A catch-up frame stands for several. */
  readonly b?: number;
  /** Freshness: newestMs. */
  readonly n: number;
  /** Freshness: evaluatedMs. */
  readonly v: number;
  /** Series that are new, as [index, labels]; indexes follow on each other and never change within an epoch. */
  readonly s?: readonly (readonly [index: number, labels: LabelSet])[];
  /** Columns in the order of time. */
  readonly c: readonly WireColumn[];
  /** Past columns that a late sample changed, as [timeMs, changes against that column]; one that is not there is skipped. */
  readonly r?: readonly (readonly [timeMs: number, changes: WireChanges])[];
  /** Warnings and infos, when they are not those of the frame before. */
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
  if (Number.isFinite(value)) return value === 0 && Object.is(value, -0) ? '-0' : value;
  return value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN';
}

/** Reads a wire value; `null` has no number and stays null. Throws on a text that is none of the known. */
export function fromWire(value: WireValue): number | null {
  if (typeof value === 'number' || value === null) return value;
  const special = SPECIAL.get(value);
  if (special === undefined) throw new RangeError(`"${value}" is not a value`);
  return special;
}

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['NaN', NaN],
  ['+Inf', Infinity],
  ['-Inf', -Infinity],
  ['-0', -0],
]);
