import type { Labels, Matcher, SampleView, SeriesSamples } from '@opsroom/promql';
import { type Observable, Subject } from 'rxjs';
import type { MetricMetadata } from '../model/batch.js';
import type { Clock } from '../model/clock.js';
import { type Commit, deletionCommit } from '../model/commit.js';
import { BlockStore } from './blocks/block-store.js';
import { CommitColumns } from './commit-columns.js';
import { Deletion } from './deletion.js';
import { type AppendBounds, Head } from './head/head.js';
import { logAppend } from './log/append-log.js';
import { LogWriter } from './log/log-writer.js';
import { replaySegments } from './log/log-segments.js';
import { Reader } from './reader.js';
import { Refusals } from './refusals.js';
import { Replay } from './replay.js';
import { Retention } from './retention.js';
import { Sealer, type SealOptions } from './seal/sealer.js';
import { describeFileError, describeSqliteError } from './storage-error.js';
import {
  type AppendInput,
  type AppendResult,
  type RefusalReason,
  type StorageHealth,
  type StorageStats,
  Store,
} from './store.js';

export interface TsdbOptions {
  /** The samples' database. */
  readonly databaseFile: string;
  readonly logFolder: string;
  /** 0: kept for ever. */
  readonly retentionMs: number;
  /** 0: no bound. */
  readonly retentionBytes: number;
  readonly outOfOrderWindowMs: number;
  readonly futureToleranceMs: number;
  /** Of those that had a sample within the last hour or have some in memory. */
  readonly maxSeriesPerSource: number;
  readonly segmentBytes: number;
  readonly maxWaitingBytes: number;
  readonly seal: SealOptions;
}

/** A series that got no sample for so long does not count towards what its source may have. */
const ACTIVE_MS = 3_600_000;

/** What the store does on its own, so that the configuration need not say. */
export const defaultTsdbOptions = {
  segmentBytes: 16 * 1024 * 1024,
  maxWaitingBytes: 64 * 1024 * 1024,
  seal: {
    samples: 120,
    maxPieceSamples: 240,
    maxBlockSamples: 30_000,
    maxAgeMs: 2 * 3_600_000,
    maxSegments: 4,
    headMs: 3_600_000,
    maxHeadSamples: 12_000_000,
  },
} satisfies Partial<TsdbOptions>;

/**
 * In: samples by reference, matchers. Out: `commits$`, samples of head and blocks merged. Owns: head, log and blocks, and the order
 * in which a sample passes through them: into the head at once, into the log within a beat, into a block when enough are together.
 */
export class TsdbStore extends Store {
  /** How many samples the log gave back when the store was opened, and how many bytes of a torn record it cut off. */
  readonly recovered: { readonly samples: number; readonly cutBytes: number };
  private readonly head: Head;
  private readonly log: LogWriter;
  private readonly sealer: Sealer;
  private readonly reader: Reader;
  private readonly retention: Retention;
  private readonly deletion: Deletion;
  private readonly commits = new Subject<Commit>();
  private readonly columns = new CommitColumns();
  private readonly known: Map<string, MetricMetadata>;
  private readonly changedMetadata = new Map<string, MetricMetadata>();
  private created: number[] = [];
  private readonly refusedTotals = new Map<RefusalReason, number>();
  private sameAgainTotal = 0;
  private appendedTotal = 0;
  private checks = 0;
  /** What the upkeep failed at last, by kind of work. */
  private readonly problems = new Map<'seal' | 'tidy' | 'log', string>();

  private constructor(
    private readonly options: TsdbOptions,
    private readonly clock: Clock,
    private readonly blocks: BlockStore,
  ) {
    super();
    this.head = new Head(blocks);
    const { series, nextRef } = blocks.load();
    for (const { ref, source, labels } of series) this.head.create(labels, source, ref, true).markRestored();
    this.head.nextRef = Math.max(this.head.nextRef, nextRef);
    this.known = blocks.loadMetadata();
    const replay = new Replay(this.head, clock.nowMs());
    const { segments, cutBytes } = replaySegments(options.logFolder, (type, payload, segment) =>
      replay.apply(type, payload, segment),
    );
    this.head.countActive(clock.nowMs() - ACTIVE_MS);
    this.recovered = { samples: replay.samples, cutBytes };
    this.log = new LogWriter({
      folder: options.logFolder,
      segment: (segments.at(-1) ?? 0) + 1,
      maxWaitingBytes: options.maxWaitingBytes,
    });
    this.reader = new Reader(this.head, blocks);
    this.sealer = new Sealer(this.head, blocks, this.log, options.seal);
    this.deletion = new Deletion(this.head, blocks, this.log);
    this.retention = new Retention(this.head, blocks, this.log, options, segments);
  }

  /** Opens or makes the store. Throws `StorageError` when it cannot be used. */
  static open(options: TsdbOptions, clock: Clock): TsdbStore {
    const blocks = BlockStore.open(options.databaseFile);
    try {
      return new TsdbStore(options, clock, blocks);
    } catch (error) {
      blocks.close();
      throw error;
    }
  }

  get commits$(): Observable<Commit> {
    return this.commits;
  }

  resolve(labels: Labels, source: string): number {
    const known = this.head.find(labels);
    if (known !== undefined) return known;
    if (this.head.countOf(source) >= this.options.maxSeriesPerSource) return -1;
    const { ref } = this.head.create(labels, source);
    this.created.push(ref);
    return ref;
  }

  append(input: AppendInput): AppendResult {
    const { head, columns } = this;
    const { refs, timestamps, values, histograms, count } = input;
    const bounds = this.bounds();
    const refusals = new Refusals();
    let sameAgain = 0;
    columns.clear(count);
    for (let i = 0; i < count; i++) {
      const series = head.series[refs[i]];
      const given = histograms?.[i];
      const histogram = given && series ? head.hinted(series, timestamps[i], given) : undefined;
      const placement = series
        ? head.append(series, timestamps[i], values, i, histogram, bounds)
        : ('invalid_labels' satisfies RefusalReason);
      if (placement === 'in_order') columns.add(input, i, histogram, false);
      else if (placement === 'out_of_order_kept') columns.add(input, i, histogram, true);
      else if (placement === 'same_again') sameAgain++;
      else refusals.add(placement, refs[i], timestamps[i]);
    }
    logAppend(this.log, head, this.created, columns);
    this.count(columns.count, sameAgain, refusals.refused);
    this.noteMetadata(input.metadata);
    this.emit(input);
    // Appends that outrun the beats do the sealing's work themselves, so that memory stays bounded.
    if (this.sealer.crowded) this.seal();
    const { refused, firstRefused } = refusals;
    return { appended: columns.count, sameAgain, refused, firstRefused };
  }

  check({ refs, timestamps, values, histograms, count }: AppendInput): Pick<AppendResult, 'refused' | 'firstRefused'> {
    const bounds = this.bounds();
    const refusals = new Refusals();
    this.checks++;
    for (let i = 0; i < count; i++) {
      const series = this.head.series[refs[i]];
      const placement = series
        ? this.head.check(series, timestamps[i], values, i, histograms?.[i], bounds, this.checks)
        : ('invalid_labels' satisfies RefusalReason);
      if (placement === 'in_order' || placement === 'out_of_order_kept' || placement === 'same_again') continue;
      refusals.add(placement, refs[i], timestamps[i]);
    }
    this.count(0, 0, refusals.refused);
    return refusals;
  }

  select(matchers: readonly Matcher[], startMs: number, endMs: number): Iterable<SeriesSamples> {
    return this.reader.select(matchers, startMs, endMs);
  }

  override view(ref: number, startMs: number, view: SampleView): boolean {
    return this.reader.view(ref, startMs, view);
  }

  refs(matchers: readonly Matcher[]): Uint32Array {
    return Uint32Array.from(
      this.reader.matching(matchers).filter((ref) => {
        const series = this.head.series[ref];
        return series !== undefined && (series.main.length > 0 || series.late !== undefined || series.inBlocks);
      }),
    );
  }

  labelsOf(ref: number): Labels | undefined {
    return this.head.series[ref]?.labels;
  }

  labelNames(matcherSets: readonly (readonly Matcher[])[], startMs: number, endMs: number): string[] {
    return this.reader.labelNames(matcherSets, startMs, endMs);
  }

  labelValues(name: string, matcherSets: readonly (readonly Matcher[])[], startMs: number, endMs: number): string[] {
    return this.reader.labelValues(name, matcherSets, startMs, endMs);
  }

  seriesLabels(matcherSets: readonly (readonly Matcher[])[], startMs: number, endMs: number): Labels[] {
    return this.reader.seriesLabels(matcherSets, startMs, endMs);
  }

  metadata(): ReadonlyMap<string, MetricMetadata> {
    return this.known;
  }

  deleteSeries(matcherSets: readonly (readonly Matcher[])[], startMs: number, endMs: number): number {
    const refs = this.reader.union(matcherSets);
    const deleted = this.deletion.run(refs, startMs, endMs);
    if (deleted.length > 0) this.commits.next(deletionCommit({ refs: deleted, startMs, endMs }, this.clock.nowMs()));
    return refs.size;
  }

  async flush(): Promise<void> {
    await this.log.sync();
  }

  health(): StorageHealth {
    const lost = this.log.lostRecords;
    const problem =
      this.log.failure !== undefined
        ? this.log.failure.message + (lost > 0 ? ` (${lost} batches of samples are only in memory)` : '')
        : ([...this.problems.values()][0] ?? '');
    return { writable: problem === '', problem };
  }

  stats(): StorageStats {
    let headMinMs = NaN;
    for (const series of this.head.series) {
      if (!series || series.main.length === 0) continue;
      const first = series.main.timestamps[series.main.from];
      if (!(first >= headMinMs)) headMinMs = first;
    }
    return {
      series: this.head.postings.size,
      samplesInHead: this.head.samples,
      blocks: this.blocks.blocks,
      bytesOnDisk: this.retention.bytesOnDisk(),
      refused: new Map(this.refusedTotals),
      sameAgain: this.sameAgainTotal,
      appended: this.appendedTotal,
      headMinMs,
      headMaxMs: this.head.newestMs === -Infinity ? NaN : this.head.newestMs,
    };
  }

  /** Hands what was appended to the operating system, where it survives the process. Part of the upkeep. */
  async writeLog(): Promise<void> {
    await this.log.write();
  }

  /** One slice of sealing. True if there is more to do at once. Never throws; see `health`. Part of the upkeep. */
  seal(): boolean {
    return this.guard('seal', () => {
      const nowMs = this.clock.nowMs();
      return this.sealer.slice(nowMs, this.retention.keepFromMs(nowMs));
    });
  }

  /** Drops what is too old or too much, and log segments whose samples are sealed. Part of the upkeep. */
  async tidy(): Promise<void> {
    this.guard('tidy', () => {
      this.storeMetadata();
      const nowMs = this.clock.nowMs();
      this.retention.run(nowMs);
      this.head.countActive(nowMs - ACTIVE_MS);
      return true;
    });
    try {
      await this.retention.dropLog(this.clock.nowMs());
      this.problems.delete('log');
    } catch (error) {
      this.problems.set('log', describeFileError(error, this.options.logFolder));
    }
  }

  /** Writes what is left and closes the files. */
  async close(): Promise<void> {
    try {
      this.storeMetadata();
      await this.log.close();
    } finally {
      this.commits.complete();
      this.blocks.close();
    }
  }

  private bounds(): AppendBounds {
    const nowMs = this.clock.nowMs();
    return {
      oldestMs: this.retention.keepFromMs(nowMs),
      newestMs: nowMs + this.options.futureToleranceMs,
      outOfOrderWindowMs: this.options.outOfOrderWindowMs,
      nowMs,
      segment: this.log.segment,
    };
  }

  private emit({ source, receivedMs, metadata }: AppendInput): void {
    const { columns, created } = this;
    this.created = [];
    if (columns.count === 0 && created.length === 0 && !metadata) return;
    this.commits.next({
      source,
      receivedMs,
      refs: columns.refs,
      timestamps: columns.timestamps,
      values: columns.values,
      count: columns.count,
      ...(columns.histograms ? { histograms: columns.histograms } : {}),
      minMs: columns.minMs,
      maxMs: columns.maxMs,
      created,
      outOfOrder: columns.outOfOrder,
      ...(metadata ? { metadata } : {}),
    });
  }

  private count(appended: number, sameAgain: number, refused: ReadonlyMap<RefusalReason, number>): void {
    this.appendedTotal += appended;
    this.sameAgainTotal += sameAgain;
    for (const [reason, samples] of refused) {
      this.refusedTotals.set(reason, (this.refusedTotals.get(reason) ?? 0) + samples);
    }
  }

  private storeMetadata(): void {
    if (this.changedMetadata.size === 0) return;
    this.blocks.storeMetadata(this.changedMetadata);
    this.changedMetadata.clear();
  }

  private noteMetadata(metadata: ReadonlyMap<string, MetricMetadata> | undefined): void {
    for (const [metric, value] of metadata ?? []) {
      const known = this.known.get(metric);
      if (known?.type === value.type && known.help === value.help && known.unit === value.unit) continue;
      this.known.set(metric, value);
      this.changedMetadata.set(metric, value);
    }
  }

  /** Runs upkeep that must not take the process down: what goes wrong shows in `health` until the same work succeeds. */
  private guard(kind: 'seal' | 'tidy', work: () => boolean): boolean {
    try {
      const done = work();
      if (done) this.problems.delete(kind);
      return done;
    } catch (error) {
      this.problems.set(kind, describeSqliteError(error, this.options.databaseFile));
      return false;
    }
  }
}
