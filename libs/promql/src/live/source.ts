import type { Labels } from '../model/labels.js';
import type { Matcher } from '../model/matcher.js';
import type { Queryable, SeriesSamples } from '../model/queryable.js';

/**
 * What live queries need of a store. All series have a reference of at least 0 that names them for as long as the process
 * lives, and `select` gives them in one order that never changes: a new series may come anywhere, the others keep theirs.
 */
export interface LiveSource extends Queryable {
  /** Series that satisfy all matchers, in the order in which `select` gives them. */
  refs(matchers: readonly Matcher[]): ArrayLike<number>;
  /** Undefined for a series that is gone. */
  labelsOf(ref: number): Labels | undefined;
  /**
   * One series' samples in `[startMs, endMs]`, as `select` would give them: the store's own columns, valid until it is next
   * written to. Undefined where it has none. A source without this method is read through `select`, which costs more for
   * each evaluation.
   */
  samplesOf?(ref: number, startMs: number, endMs: number): SeriesSamples | undefined;
}

/**
 * Samples that have come into the store. Only the first `count` entries of each column mean something. Times in ms; `values`
 * are read back from the store.
 */
export interface LiveCommit {
  readonly refs: ArrayLike<number>;
  readonly timestamps: Float64Array;
  readonly count: number;
  /** References of series that did not exist before. */
  readonly created: readonly number[];
}
