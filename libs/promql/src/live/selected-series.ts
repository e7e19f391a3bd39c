import type { Labels } from '../model/labels.js';
import type { Matcher } from '../model/matcher.js';
import type { SeriesSamples } from '../model/queryable.js';
import { RowIndex } from './row-index.js';
import type { LiveCommit, LiveSource } from './source.js';

const NONE: readonly Labels[] = [];

/**
 * The series of a selector as rows, in the source's order, and which of them have had samples since they were last read.
 * In: commits. Out: rows to be read, and their samples. Owns: the rows.
 */
export class SelectedSeries {
  refs: ArrayLike<number> = [];
  labels: readonly Labels[] = NONE;
  /** The rows have to be looked up: none have been, or new series have come. */
  private unresolved = true;
  private everything = true;
  private index = new RowIndex([]);
  private dirty: number[] = [];
  private dirtyFlags = new Uint8Array(0);

  constructor(
    private readonly source: LiveSource,
    private readonly matchers: readonly Matcher[],
  ) {}

  get rows(): number {
    return this.labels.length;
  }

  /** Marks the rows that have new samples; `each` is told of row and time. True if there is any, or a new series. */
  take(commit: LiveCommit, each: (row: number, timestampMs: number) => void): boolean {
    let any = false;
    if (!this.unresolved) {
      for (const ref of commit.created) {
        if (!this.admits(ref)) continue;
        this.unresolved = true;
        break;
      }
    }
    if (this.unresolved) any = true;
    if (this.rows === 0) return any;
    const { index } = this;
    const { refs, timestamps, count } = commit;
    for (let i = 0; i < count; i++) {
      const row = index.rowOf(refs[i]);
      if (row < 0) continue;
      any = true;
      each(row, timestamps[i]);
      if (this.dirtyFlags[row] === 1) continue;
      this.dirtyFlags[row] = 1;
      this.dirty.push(row);
    }
    return any;
  }

  invalidate(): void {
    this.unresolved = true;
  }

  /** Finds the series again if new ones have come. True if the rows are other ones than before. */
  resolve(): boolean {
    if (!this.unresolved) return false;
    this.unresolved = false;
    this.everything = true;
    const found = this.source.refs(this.matchers);
    const refs: number[] = [];
    const labels: Labels[] = [];
    let same = true;
    for (let i = 0; i < found.length; i++) {
      const ref = found[i];
      const known = this.index.rowOf(ref);
      const seriesLabels = known < 0 ? this.source.labelsOf(ref) : this.labels[known];
      if (seriesLabels === undefined) continue;
      if (known !== refs.length) same = false;
      refs.push(ref);
      labels.push(seriesLabels);
    }
    if (same && refs.length === this.labels.length) return false;
    this.refs = Int32Array.from(refs);
    this.labels = labels;
    this.index = new RowIndex(refs);
    this.dirty = [];
    this.dirtyFlags = new Uint8Array(refs.length);
    return true;
  }

  /** Asks for every row at the next reading. */
  markAll(): void {
    this.everything = true;
  }

  /** Calls `read` with the rows that have had samples since the last time, or with all of them, and their samples in the range. */
  readRows(
    startMs: number,
    endMs: number,
    all: boolean,
    read: (row: number, samples: SeriesSamples | undefined) => void,
  ): void {
    const { source, refs } = this;
    const every = all || this.everything;
    if (source.samplesOf === undefined) {
      this.readThroughSelect(startMs, endMs, read);
    } else if (every) {
      for (let row = 0; row < refs.length; row++) read(row, source.samplesOf(refs[row], startMs, endMs));
    } else {
      for (const row of this.dirty) read(row, source.samplesOf(refs[row], startMs, endMs));
    }
    this.forget();
  }

  /** Takes all marks away. */
  forget(): void {
    for (const row of this.dirty) this.dirtyFlags[row] = 0;
    this.dirty = [];
    this.everything = false;
  }

  private readThroughSelect(
    startMs: number,
    endMs: number,
    read: (row: number, samples: SeriesSamples | undefined) => void,
  ): void {
    let next = 0;
    for (const samples of this.source.select(this.matchers, startMs, endMs)) {
      const row = this.index.rowOf(samples.ref);
      if (row < next) continue;
      while (next < row) read(next++, undefined);
      read(next++, samples);
    }
    while (next < this.rows) read(next++, undefined);
  }

  private admits(ref: number): boolean {
    const labels = this.source.labelsOf(ref);
    return labels !== undefined && this.matchers.every(({ name, matches }) => matches(labels.get(name)));
  }
}
