import type { FloatHistogram } from '../histogram/float-histogram.js';
import type { Labels } from './labels.js';
import type { Matcher } from './matcher.js';

/**
 * The samples of one series as columns, ordered by time without duplicates. `from` (inclusive) and `to` (exclusive)
 * bound the part that was asked for, so that a store can hand out its own arrays without copying; they are read-only and
 * valid until the store is next written to. Stale markers are in: see `isStale`.
 */
export interface SeriesSamples {
  /** Names the series within this process, for caches; never used again for another one. -1 where there is none. */
  readonly ref: number;
  readonly labels: Labels;
  /** ms since 1970. */
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  /** Where the sample is a native histogram: its value, by the same index; `values` then holds NaN. */
  readonly histograms?: readonly (FloatHistogram | undefined)[];
  readonly from: number;
  readonly to: number;
}

/** Where an evaluation reads its samples: the store, a test's arrays, a remote peer. */
export interface Queryable {
  /** Series that satisfy all matchers, with their samples in `[startMs, endMs]`, in any order; series without samples may be left out. */
  select(matchers: readonly Matcher[], startMs: number, endMs: number): Iterable<SeriesSamples>;
}
