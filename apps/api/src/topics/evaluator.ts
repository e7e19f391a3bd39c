import type { Labels } from '@opsroom/promql';

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
 * Computes a topic's results from the store. `at` is called with times that never go back, as samples arrive, and may keep
 * state between calls; `range` is independent of that state and may be called for any time. Both give the same result for the
 * same time and the same samples. Throw PromqlLimitError and PromqlExecutionError.
 */
export interface TopicEvaluator {
  range(startMs: number, endMs: number): Evaluated;
  at(timeMs: number): Evaluated;
  /** Samples at or after `fromMs` of its series have come: state that has passed that time is out of date. */
  late(fromMs: number): void;
  close(): void;
}
