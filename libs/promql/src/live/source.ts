import type { FloatHistogram } from '../histogram/float-histogram.js';
import type { Labels } from '../model/labels.js';
import type { Matcher } from '../model/matcher.js';
import type { Queryable } from '../model/queryable.js';

/**
 * What live queries need of a store. All series have a reference of at least 0 that names them for as long as the process
 * lives, and `select` gives them in one order that never changes: a new series may come anywhere, the others keep theirs.
 */
export interface LiveSource extends Queryable {
  /**
   * Series that satisfy all matchers, in the order in which `select` gives them; those too that have no samples of late and may
   * have some again.
   */
  refs(matchers: readonly Matcher[]): ArrayLike<number>;
  /** Undefined for a series that is gone. */
  labelsOf(ref: number): Labels | undefined;
  /**
   * Points `view` at one series' samples from `startMs` on, in the store's own columns: all that it has at or after that
   * time, however many before it, so that nothing has to be searched or copied. False where it has none in that range. A
   * source without this method is read through `select`, which costs more for each evaluation.
   */
  view?(ref: number, startMs: number, view: SampleView): boolean;
}

const NONE = new Float64Array(0);

/** A part of a store's columns, `[from, to)`, by ascending time; valid until the store is next written to. */
export class SampleView {
  timestamps: Float64Array = NONE;
  values: Float64Array = NONE;
  histograms: readonly (FloatHistogram | undefined)[] | undefined;
  from = 0;
  to = 0;
}

/** Samples that have come into the store. Only the first `count` entries of each column mean something. Times in ms. */
export interface LiveCommit {
  readonly refs: ArrayLike<number>;
  readonly timestamps: Float64Array;
  readonly count: number;
  /** References of series that did not exist before. */
  readonly created: readonly number[];
}
