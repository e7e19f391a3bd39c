/** A native histogram with float counts. */
export interface FloatHistogram {
  /** -4 to 8 for exponential buckets, -53 for custom bounds. */
  readonly schema: number;
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly count: number;
  readonly sum: number;
  readonly positiveSpans: readonly BucketSpan[];
  readonly negativeSpans: readonly BucketSpan[];
  /** Counts (not deltas) of the buckets that the spans lay out. */
  readonly positiveBuckets: readonly number[];
  readonly negativeBuckets: readonly number[];
  /** With schema -53: the upper bounds, ascending, without +Inf. */
  readonly customValues?: readonly number[];
  readonly counterResetHint: CounterResetHint;
}

export interface BucketSpan {
  /** Gap to the span before; for the first one the index of its first bucket. */
  readonly offset: number;
  readonly length: number;
}

export type CounterResetHint = 'unknown' | 'reset' | 'not_reset' | 'gauge';
