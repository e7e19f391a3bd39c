import type { FloatHistogram, Labels, Matcher, Queryable, SampleView, SeriesSamples } from '@opsroom/promql';
import type { MetricMetadata } from '../model/batch.js';
import type { Commit } from '../model/commit.js';
import type { Observable } from 'rxjs';

/** Why a sample was refused, as Prometheus names it. */
export type RefusalReason =
  'out_of_order' | 'too_old' | 'duplicate' | 'too_many_series' | 'invalid_labels' | 'too_far_in_future';

export interface AppendResult {
  readonly appended: number;
  /** The very same sample was there already: neither kept again nor refused. */
  readonly sameAgain: number;
  readonly refused: ReadonlyMap<RefusalReason, number>;
  /** The first refused sample of each reason, for messages. */
  readonly firstRefused: ReadonlyMap<RefusalReason, { readonly ref: number; readonly timestampMs: number }>;
}

/** Whether what is appended gets to the disk. Until it does again, samples stay in memory as long as there is room. */
export interface StorageHealth {
  readonly writable: boolean;
  /** What is wrong, where, and what to do; '' while all is well. */
  readonly problem: string;
}

export interface StorageStats {
  readonly series: number;
  readonly samplesInHead: number;
  readonly blocks: number;
  /** In the samples' database and the log. */
  readonly bytesOnDisk: number;
  /** Samples that were refused since the start, by reason. */
  readonly refused: ReadonlyMap<RefusalReason, number>;
  readonly sameAgain: number;
  readonly appended: number;
  /** Oldest and newest sample time in the head; NaN when it is empty. */
  readonly headMinMs: number;
  readonly headMaxMs: number;
}

/** What is appended: columns, the first `count` entries of each. `refs` come from `resolve`. */
export interface AppendInput {
  readonly source: string;
  readonly receivedMs: number;
  readonly refs: Uint32Array;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly count: number;
  /** Where the sample is a native histogram: it, by the same index; its entry in `values` is not looked at. */
  readonly histograms?: readonly (FloatHistogram | undefined)[];
  readonly metadata?: ReadonlyMap<string, MetricMetadata>;
}

/**
 * The store as other folders see it: samples in memory and on disk behind one face. Reading is `Queryable`: head and blocks
 * merged, duplicates gone.
 */
export abstract class Store implements Queryable {
  /**
   * Everything that got in, in order, after it is in the head, and what was deleted. Durable at most `storage.fsyncIntervalMs`
   * later.
   */
  abstract readonly commits$: Observable<Commit>;

  /** The reference of a series, made if it is new. Returns -1 when the source's cardinality limit refuses it. */
  abstract resolve(labels: Labels, source: string): number;
  abstract append(input: AppendInput): AppendResult;
  /** What `append` would refuse, without appending anything: for requests that are taken whole or not at all. */
  abstract check(input: AppendInput): Pick<AppendResult, 'refused' | 'firstRefused'>;

  abstract select(matchers: readonly Matcher[], startMs: number, endMs: number): Iterable<SeriesSamples>;
  /**
   * Points `view` at one series' samples from `startMs` on, without searching or copying where they are in memory; it may hold
   * earlier ones too, and is valid until the store is next written to. False where there are none. Live queries read so.
   */
  view?(ref: number, startMs: number, view: SampleView): boolean;
  /** References of series that satisfy all matchers and have samples, ascending: the order of `select`. */
  abstract refs(matchers: readonly Matcher[]): Uint32Array;
  /** Labels of a reference; undefined after the series was deleted. */
  abstract labelsOf(ref: number): Labels | undefined;
  abstract labelNames(matcherSets: readonly (readonly Matcher[])[], startMs: number, endMs: number): string[];
  abstract labelValues(
    name: string,
    matcherSets: readonly (readonly Matcher[])[],
    startMs: number,
    endMs: number,
  ): string[];
  abstract seriesLabels(matcherSets: readonly (readonly Matcher[])[], startMs: number, endMs: number): Labels[];
  abstract metadata(): ReadonlyMap<string, MetricMetadata>;
  /** Forgets samples in the range; a series with none left is forgotten whole, its last timestamp too. */
  abstract deleteSeries(matcherSets: readonly (readonly Matcher[])[], startMs: number, endMs: number): number;

  /** Resolves when everything appended before the call is on disk. */
  abstract flush(): Promise<void>;
  abstract health(): StorageHealth;
  abstract stats(): StorageStats;
}
