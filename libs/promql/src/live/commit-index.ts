import type { LiveCommit } from './source.js';

/**
 * A commit by series, so that each of many queries looks up its own series instead of walking through all samples. One index
 * serves one commit after the other: `load`, hand it to every query, `load` the next.
 */
export class CommitIndex {
  created: readonly number[] = [];
  private stamp = 0;
  /** By reference: the load in which it was last seen, and times of its oldest and newest sample in that. */
  private stamps = new Uint32Array(0);
  private oldest = new Float64Array(0);
  private newest = new Float64Array(0);

  load({ refs, timestamps, count, created }: LiveCommit): this {
    this.created = created;
    const stamp = ++this.stamp;
    for (let i = 0; i < count; i++) {
      const ref = refs[i];
      if (ref >= this.stamps.length) this.grow(ref + 1);
      const timestampMs = timestamps[i];
      if (this.stamps[ref] !== stamp) {
        this.stamps[ref] = stamp;
        this.oldest[ref] = timestampMs;
        this.newest[ref] = timestampMs;
      } else if (timestampMs < this.oldest[ref]) {
        this.oldest[ref] = timestampMs;
      } else if (timestampMs > this.newest[ref]) {
        this.newest[ref] = timestampMs;
      }
    }
    return this;
  }

  has(ref: number): boolean {
    return ref < this.stamps.length && this.stamps[ref] === this.stamp;
  }

  /** Only for a reference that it has. */
  oldestMs(ref: number): number {
    return this.oldest[ref];
  }

  /** Only for a reference that it has. */
  newestMs(ref: number): number {
    return this.newest[ref];
  }

  private grow(refs: number): void {
    const size = Math.max(1024, refs + (refs >>> 1));
    const stamps = new Uint32Array(size);
    stamps.set(this.stamps);
    this.stamps = stamps;
    const oldest = new Float64Array(size);
    oldest.set(this.oldest);
    this.oldest = oldest;
    const newest = new Float64Array(size);
    newest.set(this.newest);
    this.newest = newest;
  }
}
