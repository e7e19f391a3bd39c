import type { FloatHistogram } from '@opsroom/promql';
import type { MetricMetadata } from './batch.js';

/**
 * Samples that are in the head (and on their way to the log). Columns as in a batch, with the head's references; only the
 * first `count` entries of each column mean something. Read-only, and valid only during the emission.
 */
export interface Commit {
  readonly source: string;
  readonly receivedMs: number;
  readonly refs: Uint32Array;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly count: number;
  /** Where the sample is a native histogram: it, by the same index. Absent when there is none in this commit. */
  readonly histograms?: readonly (FloatHistogram | undefined)[];
  /** Oldest and newest sample time in it. */
  readonly minMs: number;
  readonly maxMs: number;
  /** References of series that did not exist before. */
  readonly created: readonly number[];
  /** Some of its samples are older than what their series already held. */
  readonly outOfOrder: boolean;
  readonly metadata?: ReadonlyMap<string, MetricMetadata>;
  /** Samples that were deleted: such a commit has none that got in, and no source. */
  readonly deleted?: DeletedRange;
}

/** Series, some of which may be gone whole, whose samples in `[startMs, endMs]` are no longer there. */
export interface DeletedRange {
  readonly refs: readonly number[];
  readonly startMs: number;
  readonly endMs: number;
}

/** The commit that says that samples were deleted. */
export function deletionCommit(deleted: DeletedRange, nowMs: number): Commit {
  return {
    source: '',
    receivedMs: nowMs,
    refs: new Uint32Array(0),
    timestamps: new Float64Array(0),
    values: new Float64Array(0),
    count: 0,
    minMs: Infinity,
    maxMs: -Infinity,
    created: [],
    outOfOrder: false,
    deleted,
  };
}
