import type { FloatHistogram, Labels } from '@opsroom/promql';
import { SampleColumns } from './sample-columns.js';

/**
 * One series in memory. `main` holds its recent samples; its first `sealed` ones are in a block on disk too and only kept for
 * quick reading. Samples that arrive when later ones are sealed already go to `late`, all of which is yet to be sealed.
 */
export class HeadSeries {
  readonly main = new SampleColumns();
  sealed = 0;
  late: SampleColumns | undefined;
  /** Every sample up to here that is not in `late` is in a block. */
  sealedThroughMs = -Infinity;
  /** `main` has every sample from here on that is not in `late`; older ones may be in blocks alone. */
  coveredFromMs = -Infinity;
  /** Time of the newest sample ever; NaN: only the blocks know. */
  lastMs = -Infinity;
  /** The newest time that was checked for a request, and which request that was. */
  checkedMs = -Infinity;
  checkMark = 0;
  /** It counts towards what its source may have. */
  counted = true;
  /** Blocks on disk may hold samples of it. */
  inBlocks = false;
  /** Number of the log segment with its oldest unsealed sample, and when that sample arrived; Infinity when all are sealed. */
  unsealedSegment = Infinity;
  unsealedSinceMs = Infinity;

  constructor(
    readonly ref: number,
    readonly labels: Labels,
    /** Index of the source that made it. */
    readonly source: number,
  ) {}

  /** Notes that the database had it before this process began: what it has in blocks is yet to be looked at. */
  markRestored(): void {
    this.inBlocks = true;
    this.coveredFromMs = Infinity;
    this.lastMs = NaN;
  }

  /** True if it has samples in memory in `[startMs, endMs]`, or only around it. */
  overlaps(startMs: number, endMs: number): boolean {
    return [this.main, this.late].some(
      (columns) =>
        columns !== undefined &&
        columns.length > 0 &&
        columns.timestamps[columns.from] <= endMs &&
        columns.lastMs >= startMs,
    );
  }

  get unsealed(): number {
    return this.main.length - this.sealed + (this.late?.length ?? 0);
  }

  /** A sample older than the newest one: into its place among the unsealed ones of `main`, or into `late`. */
  insertOutOfOrder(
    timestampMs: number,
    values: Float64Array,
    index: number,
    histogram: FloatHistogram | undefined,
  ): void {
    const { main } = this;
    const inMain = timestampMs > this.sealedThroughMs && timestampMs >= this.coveredFromMs;
    const columns = inMain ? main : (this.late ??= new SampleColumns());
    const position = columns.lowerBound(timestampMs);
    if (position === columns.to) columns.push(timestampMs, values, index, histogram);
    else columns.insert(position, timestampMs, values, index, histogram);
  }

  /** True if it has samples in memory or had one at or after a time, or is yet to get its first. */
  activeSince(timestampMs: number): boolean {
    return this.main.length > 0 || this.late !== undefined || this.lastMs >= timestampMs || this.lastMs === -Infinity;
  }

  /** Notes that the samples of `main` up to a time are in a block. */
  markSealed(throughMs: number): void {
    const { main } = this;
    if (main.lastMs <= throughMs) this.sealed = main.length;
    else this.sealed = Math.max(this.sealed, main.upperBound(throughMs) - main.from);
    this.sealedThroughMs = Math.max(this.sealedThroughMs, throughMs);
    this.inBlocks = true;
    this.forgetUnsealed();
  }

  /** The same for the late samples, which are then readable from the block alone. */
  markLateSealed(throughMs: number): void {
    const { late } = this;
    late?.dropBefore(late.upperBound(throughMs));
    if (late?.length === 0) this.late = undefined;
    // What `main` has up to there is sealed as well, so that blocks have everything.
    this.coveredFromMs = Math.max(this.coveredFromMs, nextUp(throughMs));
    this.inBlocks = true;
    this.forgetUnsealed();
  }

  /** Gives up the sealed samples before a time, which stay readable from their blocks. Returns how many. */
  evictBefore(timestampMs: number): number {
    const { main } = this;
    const until = Math.min(main.lowerBound(timestampMs), main.from + this.sealed);
    const count = until - main.from;
    if (count === 0) return 0;
    const lastEvictedMs = main.timestamps[until - 1];
    main.dropBefore(until);
    this.sealed -= count;
    const keptFromMs = main.length > 0 ? main.timestamps[main.from] : nextUp(lastEvictedMs);
    this.coveredFromMs = Math.max(this.coveredFromMs, keptFromMs);
    return count;
  }

  /** Removes samples in `[startMs, endMs]` from memory. Returns how many. */
  remove(startMs: number, endMs: number): number {
    const { main, late } = this;
    const start = main.lowerBound(startMs);
    const end = main.upperBound(endMs);
    const sealedAt = main.from + this.sealed;
    if (end > start) {
      main.remove(start, end);
      this.sealed -= Math.max(0, Math.min(end, sealedAt) - start);
    }
    let removed = end - start;
    if (late) {
      const lateStart = late.lowerBound(startMs);
      const lateEnd = late.upperBound(endMs);
      if (lateEnd > lateStart) late.remove(lateStart, lateEnd);
      removed += lateEnd - lateStart;
      if (late.length === 0) this.late = undefined;
    }
    this.forgetUnsealed();
    return removed;
  }

  private forgetUnsealed(): void {
    if (this.unsealed > 0) return;
    this.unsealedSegment = Infinity;
    this.unsealedSinceMs = Infinity;
  }
}

/** A time after this one and no later than the next sample can be: samples are whole ms apart, except in odd imports. */
export function nextUp(timestampMs: number): number {
  if (!Number.isFinite(timestampMs)) return timestampMs;
  return Number.isInteger(timestampMs) ? timestampMs + 1 : timestampMs + Math.abs(timestampMs) * Number.EPSILON;
}
