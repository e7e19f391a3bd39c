/** Where a block's samples lie. Times and references are inclusive bounds; a block need not have every reference between. */
export interface BlockEntry {
  readonly id: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly firstRef: number;
  readonly lastRef: number;
}

/** All blocks in the order they were written, to find those of a time range without asking the database. */
export class BlockIndex {
  private entries: BlockEntry[] = [];
  /** Newest end among the entries up to each: a search from the back stops where nothing before can reach the range. */
  private newestEnds: number[] = [];

  get size(): number {
    return this.entries.length;
  }

  get lastId(): number {
    return this.entries.at(-1)?.id ?? 0;
  }

  add(entry: BlockEntry): void {
    this.entries.push(entry);
    this.newestEnds.push(Math.max(this.newestEnds.at(-1) ?? -Infinity, entry.endMs));
  }

  remove(ids: ReadonlySet<number>): void {
    const kept = this.entries.filter((entry) => !ids.has(entry.id));
    this.entries = [];
    this.newestEnds = [];
    for (const entry of kept) this.add(entry);
  }

  /** Blocks that may have samples in `[startMs, endMs]`, newest written first. */
  overlapping(startMs: number, endMs: number): BlockEntry[] {
    const found: BlockEntry[] = [];
    for (let i = this.entries.length - 1; i >= 0 && this.newestEnds[i] >= startMs; i--) {
      const entry = this.entries[i];
      if (entry.startMs <= endMs && entry.endMs >= startMs) found.push(entry);
    }
    return found;
  }

  /** Visits blocks from the newest written on while they may reach beyond the time that `visit` gives back. */
  descend(visit: (entry: BlockEntry) => number): void {
    let reachedMs = -Infinity;
    for (let i = this.entries.length - 1; i >= 0 && this.newestEnds[i] > reachedMs; i--) {
      reachedMs = visit(this.entries[i]);
    }
  }

  /** Those that end before a time, oldest written first, at most `limit`. */
  endingBefore(timestampMs: number, limit: number): BlockEntry[] {
    const found: BlockEntry[] = [];
    for (const entry of this.entries) {
      if (entry.endMs < timestampMs && found.push(entry) === limit) break;
    }
    return found;
  }

  /** The blocks whose samples end first. */
  oldest(limit: number): BlockEntry[] {
    return [...this.entries].sort((a, b) => a.endMs - b.endMs).slice(0, limit);
  }
}
