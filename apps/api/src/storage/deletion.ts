import type { BlockStore } from './blocks/block-store.js';
import type { Head } from './head/head.js';
import type { HeadSeries } from './head/head-series.js';
import { RecordType, writeDeletions, writeRefs } from './log/log-records.js';
import type { LogWriter } from './log/log-writer.js';

/** In: series and a time range. Out: which of them there were. Owns: that head, blocks and log forget the same. */
export class Deletion {
  constructor(
    private readonly head: Head,
    private readonly blocks: BlockStore,
    private readonly log: LogWriter,
  ) {}

  /**
   * Forgets the samples of series in `[startMs, endMs]`, and the series that have none left. Gives the references that named
   * one. Throws what the database throws.
   */
  run(refs: Iterable<number>, startMs: number, endMs: number): number[] {
    const gone = new Set<number>();
    const rest: number[] = [];
    this.blocks.transaction(() => {
      for (const ref of refs) {
        const series = this.head.series[ref];
        if (!series) continue;
        this.head.samples -= series.remove(startMs, endMs);
        if (series.inBlocks) this.blocks.hide(ref, startMs, endMs);
        series.lastMs = this.newestOf(series);
        if (series.lastMs === -Infinity) gone.add(ref);
        else rest.push(ref);
      }
      if (gone.size > 0) this.blocks.forget(gone, this.head.nextRef);
    });
    this.head.forget(gone);
    const deletions = rest.map((ref) => ({ ref, startMs, endMs }));
    this.log.append(RecordType.deleted, (out) => writeDeletions(deletions, out), false);
    this.log.append(RecordType.forgotten, (out) => writeRefs([...gone], out), false);
    return [...rest, ...gone];
  }

  private newestOf(series: HeadSeries): number {
    const inBlocks = series.inBlocks ? this.blocks.lastTime(series.ref) : -Infinity;
    return Math.max(series.main.lastMs, series.late?.lastMs ?? -Infinity, inBlocks);
  }
}
