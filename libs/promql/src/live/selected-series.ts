import type { Labels } from '../model/labels.js';
import type { Matcher } from '../model/matcher.js';
import { CommitIndex } from './commit-index.js';
import { RowIndex } from './row-index.js';
import { type LiveCommit, type LiveSource, SampleView } from './source.js';

/** What is done with a row's samples; `view` is undefined where it has none, and the reader's own otherwise: to be used at once. */
export type ReadRow = (row: number, view: SampleView | undefined) => void;

/**
 * The series of a selector as rows, in the source's order, and which of them have had samples since they were last read.
 * In: commits. Out: rows to be read, and their samples. Owns: the rows.
 */
export class SelectedSeries {
  labels: readonly Labels[] = [];
  /** By row: time of the oldest sample that has come since the row was last read; Infinity where none has. */
  oldestNewMs = new Float64Array(0);
  /** Time of the newest sample that has come, of any row. */
  newestMs = -Infinity;
  private refs: ArrayLike<number> = [];
  /** The rows have to be looked up: none have been, or new series have come. */
  private unresolved = true;
  private everything = true;
  private index = new RowIndex([]);
  private dirty: number[] = [];
  private readonly view = new SampleView();

  constructor(
    private readonly source: LiveSource,
    private readonly matchers: readonly Matcher[],
  ) {}

  get rows(): number {
    return this.labels.length;
  }

  /** True if anything has come since rows were last read. */
  get touched(): boolean {
    return this.unresolved || this.everything || this.dirty.length > 0;
  }

  /** Marks what a commit changes; true if it is any of this selector's business. */
  take(commit: LiveCommit | CommitIndex): boolean {
    for (const ref of commit.created) this.admit(ref);
    if (commit instanceof CommitIndex) return this.takeIndexed(commit) || this.unresolved;
    const { refs, timestamps, count } = commit;
    let any = this.unresolved;
    for (let i = 0; i < count; i++) {
      const row = this.index.rowOf(refs[i]);
      if (row < 0) continue;
      any = true;
      this.mark(row, timestamps[i], timestamps[i]);
    }
    return any;
  }

  private takeIndexed(commit: CommitIndex): boolean {
    const { refs } = this;
    let any = false;
    for (let row = 0; row < refs.length; row++) {
      const ref = refs[row];
      if (!commit.has(ref)) continue;
      any = true;
      this.mark(row, commit.oldestMs(ref), commit.newestMs(ref));
    }
    return any;
  }

  /** A new series: if it is one of the selector's, the rows are looked up again. */
  private admit(ref: number): void {
    const labels = this.source.labelsOf(ref);
    if (labels === undefined || !this.matchers.every(({ name, matches }) => matches(labels.get(name)))) return;
    this.unresolved = true;
  }

  /** Everything may have changed. */
  invalidate(): void {
    this.unresolved = true;
    this.oldestNewMs.fill(-Infinity);
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
    this.place(refs, labels);
    return true;
  }

  /** Asks for every row at the next reading. */
  markAll(): void {
    this.everything = true;
  }

  /** Calls `read` with the rows that have had samples since the last time, or with all of them, and their samples from `startMs` on. */
  readRows(startMs: number, all: boolean, read: ReadRow): void {
    const { source, refs, view } = this;
    const every = all || this.everything;
    if (!every && this.dirty.length === 0) return;
    if (source.view === undefined) {
      this.readThroughSelect(startMs, read);
    } else if (every) {
      for (let row = 0; row < refs.length; row++) read(row, source.view(refs[row], startMs, view) ? view : undefined);
    } else {
      for (const row of this.dirty) read(row, source.view(refs[row], startMs, view) ? view : undefined);
    }
    this.forget();
  }

  /** Takes all marks away. */
  forget(): void {
    if (this.everything) this.oldestNewMs.fill(Infinity);
    else for (const row of this.dirty) this.oldestNewMs[row] = Infinity;
    this.dirty = [];
    this.everything = false;
  }

  private mark(row: number, fromMs: number, toMs: number): void {
    const oldestMs = this.oldestNewMs[row];
    if (toMs > this.newestMs) this.newestMs = toMs;
    if (fromMs >= oldestMs) return;
    this.oldestNewMs[row] = fromMs;
    if (oldestMs === Infinity) this.dirty.push(row);
  }

  private readThroughSelect(startMs: number, read: ReadRow): void {
    const { view, index } = this;
    let next = 0;
    for (const samples of this.source.select(this.matchers, startMs, Infinity)) {
      const row = index.rowOf(samples.ref);
      if (row < next) continue;
      while (next < row) read(next++, undefined);
      view.timestamps = samples.timestamps;
      view.values = samples.values;
      view.histograms = samples.histograms;
      view.from = samples.from;
      view.to = samples.to;
      read(next++, view);
    }
    while (next < this.rows) read(next++, undefined);
  }

  private place(refs: readonly number[], labels: readonly Labels[]): void {
    this.refs = Int32Array.from(refs);
    this.labels = labels;
    this.index = new RowIndex(refs);
    this.dirty = [];
    this.oldestNewMs = new Float64Array(refs.length).fill(Infinity);
  }
}
