/** What the server says about itself and its sources. */
export interface ServerStatus {
  readonly atMs: number;
  readonly startedMs: number;
  readonly version: string;
  readonly sources: readonly SourceStatus[];
  readonly rules: readonly RuleGroupStatus[];
  /** Whether samples get to the disk; `problem` says why not and what to do, '' while all is well. */
  readonly storage: { readonly writable: boolean; readonly problem: string };
  readonly load: {
    readonly topics: number;
    readonly watchers: number;
    readonly series: number;
    readonly samplesPerSecond: number;
    /** Longest that the event loop was blocked since the last status. */
    readonly eventLoopDelayMs: number;
    readonly heapBytes: number;
  };
}

export interface SourceStatus {
  readonly name: string;
  readonly health: 'up' | 'down' | 'unknown';
  readonly lastBatchMs: number;
  readonly intervalMs: number;
  readonly samples: number;
  readonly durationMs: number;
  /** Empty while healthy. */
  readonly lastError: string;
}

export interface RuleGroupStatus {
  readonly file: string;
  readonly group: string;
  readonly intervalMs: number;
  readonly lastEvaluationMs: number;
  readonly durationMs: number;
  readonly failing: number;
  readonly rules: number;
}
