import type { Labels } from '@opsroom/promql';

/** What a metric is, for people and for the metadata API. */
export interface MetricMetadata {
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary' | 'info' | 'stateset' | 'unknown';
  readonly help: string;
  readonly unit: string;
}

/**
 * Samples as a source yields them, before they are checked. Columns: sample i belongs to series[i], was taken at
 * timestamps[i] (ms since 1970) and has values[i]. A source hands out the same `Labels` instance for the same series in
 * every batch, so that ingest finds its series without looking at the labels again.
 */
export interface Batch {
  /** Name of the source: 'host', 'opsroom', 'remote_write'. */
  readonly source: string;
  /** When the server had it, by its own clock. */
  readonly receivedMs: number;
  readonly series: readonly Labels[];
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  /** By metric name; only what is new or changed since the source's batch before. */
  readonly metadata?: ReadonlyMap<string, MetricMetadata>;
  /** How long taking it took. */
  readonly durationMs: number;
  /** The whole state of this source: series of its previous complete batch that are missing here end (stale markers). */
  readonly complete: boolean;
}
