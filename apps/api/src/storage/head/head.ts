import { hintWhenStored, isStale, type FloatHistogram, type Labels } from '@opsroom/promql';
import { HeadSeries, nextUp } from './head-series.js';
import { Postings } from './postings.js';
import { withHint, withoutHint } from './reset-hint.js';
import type { RefusalReason } from '../store.js';

/** A series as log and database know it. */
export interface StoredSeries {
  readonly ref: number;
  readonly source: string;
  readonly labels: Labels;
}

/** What a new sample is measured against. Times in ms; Infinity where there is no bound. */
export interface AppendBounds {
  readonly oldestMs: number;
  readonly newestMs: number;
  readonly outOfOrderWindowMs: number;
  readonly nowMs: number;
  /** Number of the log segment that the sample will be written to. */
  readonly segment: number;
}

/** What became of one sample: in, in but older than the newest, ignored because it was there already, or refused. */
export type Placement = 'in_order' | 'out_of_order_kept' | 'same_again' | RefusalReason;

/** What the head asks of the blocks about a series whose samples it no longer has in memory. */
export interface BlockLookup {
  /** Time of its newest sample in blocks; -Infinity when there is none. */
  lastTime(ref: number): number;
  /** True when the blocks have this very value at that time, false when they have another, undefined when none. */
  hasSame(
    ref: number,
    timestampMs: number,
    values: Float64Array,
    index: number,
    histogram: FloatHistogram | undefined,
  ): boolean | undefined;
}

/** In: labels and samples that were checked. Out: series by reference. Owns: recent samples, the index and the counts by source. */
export class Head {
  readonly postings = new Postings();
  /** By reference. */
  readonly series: (HeadSeries | undefined)[] = [];
  /** In memory, over all series. */
  samples = 0;
  /** Newest sample time over all series; -Infinity before the first. */
  newestMs = -Infinity;
  /** The reference that the next new series gets. */
  nextRef = 1;
  private readonly refByKey = new Map<string, number>();
  private readonly sourceIndexes = new Map<string, number>();
  private readonly sourceNames: string[] = [];
  private readonly sourceCounts: number[] = [];
  private unpersisted: HeadSeries[] = [];

  constructor(private readonly blocks: BlockLookup) {}

  find(labels: Labels): number | undefined {
    return this.refByKey.get(labels.key);
  }

  /** Makes a series; `ref` is given when it comes back from disk, `persisted` when the samples' database has its labels. */
  create(labels: Labels, source: string, ref = this.nextRef, persisted = false): HeadSeries {
    let sourceIndex = this.sourceIndexes.get(source);
    if (sourceIndex === undefined) {
      sourceIndex = this.sourceNames.push(source) - 1;
      this.sourceIndexes.set(source, sourceIndex);
      this.sourceCounts.push(0);
    }
    const series = new HeadSeries(ref, labels, sourceIndex);
    if (!persisted) this.unpersisted.push(series);
    this.sourceCounts[sourceIndex]++;
    while (this.series.length < ref) this.series.push(undefined);
    this.series[ref] = series;
    this.refByKey.set(labels.key, ref);
    this.postings.add(ref, labels);
    this.nextRef = Math.max(this.nextRef, ref + 1);
    return series;
  }

  /** Series whose labels only the log has. */
  unpersistedSeries(): StoredSeries[] {
    return this.unpersisted
      .filter((series) => this.series[series.ref] === series)
      .map((series) => ({ ref: series.ref, source: this.sourceOf(series), labels: series.labels }));
  }

  /** The samples' database has them all now. */
  markPersisted(): void {
    this.unpersisted = [];
  }

  /** Oldest log segment that some series still needs; Infinity when everything is sealed. */
  oldestUnsealedSegment(): number {
    let oldest = Infinity;
    for (const series of this.series) if (series && series.unsealedSegment < oldest) oldest = series.unsealedSegment;
    return oldest;
  }

  sourceOf(series: HeadSeries): string {
    return this.sourceNames[series.source];
  }

  /**
   * How many active series a source has made: those that were at the last `countActive`, and those that are new since. One that
   * comes to life again counts from the next time on.
   */
  countOf(source: string): number {
    const index = this.sourceIndexes.get(source);
    return index === undefined ? 0 : this.sourceCounts[index];
  }

  /** Counts anew: series without samples in memory and without one at or after a time are known, but do not count. */
  countActive(sinceMs: number): void {
    this.sourceCounts.fill(0);
    for (const series of this.series) {
      if (!series) continue;
      series.counted = series.activeSince(sinceMs);
      if (series.counted) this.sourceCounts[series.source]++;
    }
  }

  forget(refs: ReadonlySet<number>): void {
    this.postings.remove(refs);
    for (const ref of refs) {
      const series = this.series[ref];
      if (!series) continue;
      this.refByKey.delete(series.labels.key);
      this.samples -= series.main.length + (series.late?.length ?? 0);
      if (series.counted) this.sourceCounts[series.source]--;
      this.series[ref] = undefined;
    }
  }

  /**
   * A native histogram as it is kept at a time: its counter reset hint says how it goes on from the sample before. `unknown` where
   * that one is not in memory, and for samples that are older than the newest one.
   */
  hinted(series: HeadSeries, timestampMs: number, histogram: FloatHistogram): FloatHistogram {
    this.settle(series);
    if (timestampMs <= series.lastMs) return withoutHint(histogram);
    const { main } = series;
    const previous = main.lastMs === series.lastMs ? main.histograms?.[main.to - 1] : undefined;
    return withHint(histogram, hintWhenStored(histogram, previous));
  }

  /** Puts entry `index` of the columns into its series, or says why not. A series has one sample at one time. */
  append(
    series: HeadSeries,
    timestampMs: number,
    values: Float64Array,
    index: number,
    histogram: FloatHistogram | undefined,
    bounds: AppendBounds,
  ): Placement {
    if (!(timestampMs <= bounds.newestMs)) return 'too_far_in_future';
    if (timestampMs < bounds.oldestMs) return 'too_old';
    if (timestampMs > series.lastMs) {
      series.main.push(timestampMs, values, index, histogram);
      series.lastMs = timestampMs;
      if (timestampMs > this.newestMs) this.newestMs = timestampMs;
      this.samples++;
      if (series.unsealedSegment === Infinity) this.noteUnsealed(series, bounds);
      return 'in_order';
    }
    return this.appendOlder(series, timestampMs, values, index, histogram, bounds);
  }

  /**
   * What `append` would say, without doing it. Samples that were checked before under the same `mark` count as appended, save that
   * two values at one time in one request are told only by `append`.
   */
  check(
    series: HeadSeries,
    timestampMs: number,
    values: Float64Array,
    index: number,
    histogram: FloatHistogram | undefined,
    bounds: AppendBounds,
    mark: number,
  ): Placement {
    if (!(timestampMs <= bounds.newestMs)) return 'too_far_in_future';
    if (timestampMs < bounds.oldestMs) return 'too_old';
    this.settle(series);
    const lastMs = series.checkMark === mark ? series.checkedMs : series.lastMs;
    if (timestampMs > lastMs) {
      series.checkMark = mark;
      series.checkedMs = timestampMs;
      return 'in_order';
    }
    return this.placeOlder(series, lastMs, timestampMs, values, index, histogram, bounds);
  }

  private appendOlder(
    series: HeadSeries,
    timestampMs: number,
    values: Float64Array,
    index: number,
    histogram: FloatHistogram | undefined,
    bounds: AppendBounds,
  ): Placement {
    if (Number.isNaN(series.lastMs)) {
      this.settle(series);
      return this.append(series, timestampMs, values, index, histogram, bounds);
    }
    const placement = this.placeOlder(series, series.lastMs, timestampMs, values, index, histogram, bounds);
    if (placement !== 'out_of_order_kept') return placement;
    series.insertOutOfOrder(timestampMs, values, index, histogram);
    this.samples++;
    if (series.unsealedSegment === Infinity) this.noteUnsealed(series, bounds);
    return placement;
  }

  private placeOlder(
    series: HeadSeries,
    lastMs: number,
    timestampMs: number,
    values: Float64Array,
    index: number,
    histogram: FloatHistogram | undefined,
    bounds: AppendBounds,
  ): Placement {
    if (timestampMs < lastMs - bounds.outOfOrderWindowMs) {
      return bounds.outOfOrderWindowMs === 0 ? 'out_of_order' : 'too_old';
    }
    const same = this.sameAt(series, timestampMs, values, index, histogram);
    if (same !== undefined) return same ? 'same_again' : 'duplicate';
    return 'out_of_order_kept';
  }

  /** Asks the blocks for the newest time of a series that came back from disk without samples in memory. */
  private settle(series: HeadSeries): void {
    if (!Number.isNaN(series.lastMs)) return;
    const inBlocksMs = this.blocks.lastTime(series.ref);
    series.lastMs = Math.max(inBlocksMs, series.main.lastMs, series.late?.lastMs ?? -Infinity);
    if (series.main.length > 0) return;
    series.sealedThroughMs = inBlocksMs;
    series.coveredFromMs = nextUp(inBlocksMs);
  }

  private noteUnsealed(series: HeadSeries, bounds: AppendBounds): void {
    series.unsealedSegment = bounds.segment;
    series.unsealedSinceMs = bounds.nowMs;
  }

  private sameAt(
    series: HeadSeries,
    timestampMs: number,
    values: Float64Array,
    index: number,
    histogram: FloatHistogram | undefined,
  ): boolean | undefined {
    for (const columns of [series.main, series.late]) {
      if (!columns) continue;
      const at = columns.lowerBound(timestampMs);
      if (at < columns.to && columns.timestamps[at] === timestampMs) {
        return sameSample(columns.values, at, columns.histograms?.[at], values, index, histogram);
      }
    }
    if (!series.inBlocks || timestampMs >= series.coveredFromMs) return undefined;
    return this.blocks.hasSame(series.ref, timestampMs, values, index, histogram);
  }
}

/** Two samples are the same when their bits are, save that all NaN but the stale marker are one and hints are derived. */
export function sameSample(
  a: Float64Array,
  aIndex: number,
  aHistogram: FloatHistogram | undefined,
  b: Float64Array,
  bIndex: number,
  bHistogram: FloatHistogram | undefined,
): boolean {
  if (aHistogram || bHistogram) {
    return (
      aHistogram !== undefined &&
      bHistogram !== undefined &&
      JSON.stringify(withHint(aHistogram, 'unknown')) === JSON.stringify(withHint(bHistogram, 'unknown'))
    );
  }
  return Object.is(a[aIndex], b[bIndex]) && isStale(a, aIndex) === isStale(b, bIndex);
}
