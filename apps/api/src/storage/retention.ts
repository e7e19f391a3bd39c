import { stat } from 'node:fs/promises';
import type { BlockEntry } from './blocks/block-index.js';
import type { BlockStore } from './blocks/block-store.js';
import type { Head } from './head/head.js';
import { RecordType, writeRefs } from './log/log-records.js';
import { segmentFile } from './log/log-segments.js';
import type { LogWriter } from './log/log-writer.js';

export interface RetentionOptions {
  readonly logFolder: string;
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly segmentBytes: number;
}

/** Blocks that one run drops at most, so that a run stays short; the next one goes on. */
const BLOCKS_PER_RUN = 20;
/** A segment that is not full is ended after this long, so that its turn to be dropped comes. */
const SEGMENT_AGE_MS = 30 * 60_000;

/** In: what is on disk and how long it may stay. Out: room. Owns: the decision which blocks, series and log segments go. */
export class Retention {
  private segmentSinceMs = -Infinity;
  private oldSegmentsBytes = 0;
  private silentSeries = new Set<number>();

  constructor(
    private readonly head: Head,
    private readonly blocks: BlockStore,
    private readonly log: LogWriter,
    private readonly options: RetentionOptions,
    /** Segments before the writer's that are still there, ascending. */
    private segments: number[],
  ) {}

  /** Samples older than this are not kept; -Infinity when all are. */
  keepFromMs(nowMs: number): number {
    return this.options.retentionMs === 0 ? -Infinity : nowMs - this.options.retentionMs;
  }

  bytesOnDisk(): number {
    return this.blocks.usedBytes() + this.oldSegmentsBytes + this.log.segmentLength;
  }

  /** Drops blocks that are too old, or the oldest while there is too much, and forgets series that have nothing left. */
  run(nowMs: number): void {
    let dropped: BlockEntry[] = [];
    if (this.options.retentionMs > 0) dropped = this.blocks.endingBefore(this.keepFromMs(nowMs), BLOCKS_PER_RUN);
    const { retentionBytes } = this.options;
    if (dropped.length === 0 && retentionBytes > 0 && this.bytesOnDisk() > retentionBytes) {
      dropped = this.blocks.oldest(BLOCKS_PER_RUN);
    }
    const candidates = dropped.length > 0 ? this.blocks.drop(dropped) : new Set<number>();
    for (const ref of this.stillSilent()) candidates.add(ref);
    this.forget(candidates);
  }

  /**
   * Ends the segment when it is full or old, and removes those whose samples are all in blocks, after making sure of the blocks.
   * Rejects with what the file system says.
   */
  async dropLog(nowMs: number): Promise<void> {
    if (this.segmentSinceMs === -Infinity) this.segmentSinceMs = nowMs;
    const old = nowMs - this.segmentSinceMs >= SEGMENT_AGE_MS;
    if (old || this.log.segmentLength >= this.options.segmentBytes) {
      const ended = this.log.segment;
      await this.log.rotate();
      if (this.log.segment !== ended) this.segments.push(ended);
      this.segmentSinceMs = nowMs;
    }
    const neededFrom = Math.min(this.head.oldestUnsealedSegment(), this.log.segment);
    const unneeded = this.segments.filter((segment) => segment < neededFrom);
    if (unneeded.length > 0) {
      this.blocks.transaction(() => this.blocks.storeSeries(this.head.unpersistedSeries(), this.head.nextRef));
      this.head.markPersisted();
      await this.blocks.sync();
      await this.log.drop(unneeded);
      this.segments = this.segments.filter((segment) => segment >= neededFrom);
    }
    const sizes = await Promise.all(this.segments.map((segment) => stat(segmentFile(this.options.logFolder, segment))));
    this.oldSegmentsBytes = sizes.reduce((total, { size }) => total + size, 0);
  }

  /** Series that were made but never got a sample in, and had none at the last run either. */
  private stillSilent(): number[] {
    const silent = new Set<number>();
    const still: number[] = [];
    for (const series of this.head.series) {
      if (series?.lastMs !== -Infinity) continue;
      silent.add(series.ref);
      if (this.silentSeries.has(series.ref)) still.push(series.ref);
    }
    this.silentSeries = silent;
    return still;
  }

  private forget(candidates: ReadonlySet<number>): void {
    const gone = new Set<number>();
    for (const ref of candidates) {
      const series = this.head.series[ref];
      if (!series || series.main.length > 0 || series.late || this.blocks.names(ref)) continue;
      gone.add(ref);
    }
    if (gone.size === 0) return;
    this.blocks.forget(gone, this.head.nextRef);
    this.head.forget(gone);
    this.log.append(RecordType.forgotten, (out) => writeRefs([...gone], out), false);
  }
}
