import type { Labels, LiveCommit } from '@opsroom/promql';

/** One series of an evaluation: values[i] belongs to the i-th step; where `present` is 0 there is none. */
export interface EvaluatedSeries {
  readonly labels: Labels;
  readonly values: Float64Array;
  readonly present: Uint8Array;
}

/** An expression's results over steps. A scalar is one series without labels. */
export interface Evaluated {
  readonly series: readonly EvaluatedSeries[];
  /** Warnings and infos, in words. */
  readonly annotations: readonly string[];
}

/**
 * An expression's result at one time, as columns over all series that there have been; they may be longer, and are valid until
 * the next evaluation. A series keeps its index for as long as `epoch` stays the same.
 */
export interface EvaluatedRow {
  readonly epoch: number;
  readonly labels: readonly Labels[];
  readonly values: Float64Array;
  /** 1: a value; anything else: none that a topic can show. */
  readonly present: Uint8Array;
  readonly annotations: readonly string[];
}

/** What of a commit a topic reads. */
export interface TopicCommit extends LiveCommit {
  /** Samples of its series were deleted. */
  readonly deleted: boolean;
}

/**
 * Computes a topic's results from the store. `at` is called with times that never go back and keeps state between calls, for
 * which it is told of every commit to its series; `range` is independent of that state and may be called for any time. Both
 * give the same result for the same time and the same samples. Throw PromqlExecutionError and PromqlLimitError.
 */
export interface TopicEvaluator {
  range(startMs: number, endMs: number): Evaluated;
  at(timeMs: number): EvaluatedRow;
  /** Samples of the topic's series that are in the store now, or are no longer. Valid only during the call. */
  commit(commit: TopicCommit): void;
}
