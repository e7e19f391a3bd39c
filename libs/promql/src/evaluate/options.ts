/** What a query may cost. */
export interface QueryLimits {
  /** Samples held at once. */
  readonly maxSamples: number;
  readonly maxSeries: number;
  readonly maxPointsPerSeries: number;
  readonly timeoutMs: number;
}

export interface QueryOptions {
  /** How far an instant selector looks back for its sample; the default is 5 minutes. The window is left-open. */
  readonly lookbackMs: number;
  /** Step of a subquery that names none. */
  readonly defaultSubqueryStepMs: number;
  /** Functions, aggregations and modifiers that Prometheus keeps behind feature flags. */
  readonly experimental: boolean;
  readonly delayedNameRemoval: boolean;
  /** Metrics carry `__type__` and `__unit__`: counters are told by them, not by their names. */
  readonly typeAndUnitLabels?: boolean;
  readonly limits: QueryLimits;
  /** Aborts the evaluation between operators. */
  readonly signal?: { readonly aborted: boolean };
  /** Monotonic ms, for the timeout; an evaluation never reads the wall clock. */
  readonly elapsedMs?: () => number;
}

export const defaultQueryOptions: QueryOptions = {
  lookbackMs: 300_000,
  defaultSubqueryStepMs: 60_000,
  experimental: false,
  delayedNameRemoval: false,
  limits: { maxSamples: 50_000_000, maxSeries: 100_000, maxPointsPerSeries: 11_000, timeoutMs: 120_000 },
};
