import { absentColumn, copyValue, writeAbsent } from './frames-absent.js';
import {
  type BinaryColumns,
  fromWire,
  type MetricsDelta,
  type MetricsFrame,
  type MetricsSnapshot,
  type WireChanges,
} from './frames.js';
import type { LabelSet } from './labels.js';
import type { Position } from './topics.js';

/** What became of a frame. `gap`: frames are missing before it; the buffer is as it was and needs a resync. */
export type Applied = 'applied' | 'duplicate' | 'gap';

/**
 * A metrics topic as a watcher holds it: the folded frames, in typed columns that a chart can read as they are.
 * Entries `from` (inclusive) to `to` (exclusive) of `times` and of each `columns[i]` are valid; `columns[i]` belongs to
 * `series[i]`. Entries without a value have the bits that `isAbsent` knows and read as NaN. The arrays are replaced when they
 * grow: take them anew whenever `version` has changed, and never write to them.
 */
export class TopicBuffer {
  readonly series: LabelSet[] = [];
  /** ms since 1970, ascending. */
  times = new Float64Array(0);
  columns: Float64Array[] = [];
  from = 0;
  to = 0;
  /** The last column is provisional. */
  tip = false;
  /** Undefined before the first snapshot. */
  position: Position | undefined;
  newestMs = 0;
  evaluatedMs = 0;
  /** The snapshot's part has fewer points than the step would give. */
  thinned = false;
  annotations: readonly string[] = [];
  /** Grows with every frame that was applied. */
  version = 0;
  /** Grows when more changed than the last columns: a snapshot, a new series, a correction of the past. */
  revision = 0;

  constructor(readonly windowMs: number) {}

  /** Number of columns. */
  get length(): number {
    return this.to - this.from;
  }

  /** Folds a frame in. Throws a RangeError, with the buffer unchanged as far as positions go, on a frame that is not well formed. */
  apply(frame: MetricsFrame): Applied {
    if ('kind' in frame) {
      this.restore(frame);
      return 'applied';
    }
    if (this.position?.epoch !== frame.e) return 'gap';
    if (frame.o <= this.position.offset) return 'duplicate';
    if ((frame.b ?? frame.o - 1) !== this.position.offset) return 'gap';
    this.fold(frame);
    return 'applied';
  }

  /** Appends a series without any value and gives its index. */
  addSeries(labels: LabelSet): number {
    this.revision++;
    this.series.push(labels);
    return this.columns.push(absentColumn(this.times.length)) - 1;
  }

  /** Index of the new last column: a copy of the one before, or that one itself where the new one takes its place. */
  openColumn(timeMs: number, tip: boolean): number {
    const replaces = this.to > this.from && (this.tip || this.times[this.to - 1] === timeMs);
    if (!replaces) {
      this.makeRoom();
      const index = this.to++;
      if (index > this.from) for (const column of this.columns) copyValue(column, index - 1, column, index);
      else for (const column of this.columns) writeAbsent(column, index);
    }
    this.times[this.to - 1] = timeMs;
    this.tip = tip;
    return this.to - 1;
  }

  /** Index of the column at `timeMs` exactly; -1 if there is none. */
  indexOf(timeMs: number): number {
    const index = this.lowerBound(timeMs);
    return index < this.to && this.times[index] === timeMs ? index : -1;
  }

  /** Index of the first column at or after `timeMs`; `to` if there is none. */
  lowerBound(timeMs: number): number {
    let low = this.from;
    let high = this.to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.times[middle] < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Forgets the columns that have left the window. */
  evict(): void {
    if (this.to === this.from) return;
    this.from = this.lowerBound(this.times[this.to - 1] - this.windowMs);
  }

  private fold(frame: MetricsDelta): void {
    for (const [index, labels] of frame.s ?? []) {
      if (index !== this.series.length)
        throw new RangeError(`series ${index} does not follow on ${this.series.length}`);
      this.addSeries(labels);
    }
    for (const [timeMs, tip, changes] of frame.c) this.change(this.openColumn(timeMs, tip === 1), changes);
    for (const [timeMs, changes] of frame.r ?? []) {
      const index = this.indexOf(timeMs);
      if (index < 0) continue;
      this.change(index, changes);
      this.revision++;
    }
    this.evict();
    this.position = { epoch: frame.e, offset: frame.o };
    this.newestMs = frame.n;
    this.evaluatedMs = frame.v;
    if (frame.a) this.annotations = frame.a;
    this.version++;
  }

  private change(at: number, changes: WireChanges): void {
    for (let i = 0; i + 1 < changes.length; i += 2) {
      const index = changes[i];
      const column = typeof index === 'number' ? this.columns[index] : undefined;
      if (!column) throw new RangeError(`there is no series ${String(index)}`);
      const value = fromWire(changes[i + 1]);
      if (value === null) writeAbsent(column, at);
      else column[at] = value;
    }
  }

  private restore(frame: MetricsSnapshot): void {
    const times = doubles(frame.times);
    const values = doubles(frame.values);
    if (values.length !== times.length * frame.series.length) {
      throw new RangeError(`${values.length} values for ${frame.series.length} series at ${times.length} times`);
    }
    // A copy of each part, since the columns grow one by one; `slice` keeps the bits.
    this.columns = frame.series.map((_, i) => values.slice(i * times.length, (i + 1) * times.length));
    this.times = times;
    this.series.splice(0, Infinity, ...frame.series);
    this.from = 0;
    this.to = times.length;
    this.tip = frame.tip;
    this.position = frame.position;
    this.newestMs = frame.newestMs;
    this.evaluatedMs = frame.evaluatedMs;
    this.thinned = frame.thinned ?? false;
    this.annotations = frame.annotations ?? [];
    this.version++;
    this.revision++;
  }

  /** Makes room for one more column: moves everything to the front where that frees a third, grows otherwise. */
  private makeRoom(): void {
    if (this.to < this.times.length) return;
    const { from, to } = this;
    const grow = this.times.length - this.length <= this.times.length / 3;
    const capacity = grow ? Math.max(64, Math.ceil(this.length * 1.5)) : this.times.length;
    const moved = (array: Float64Array): Float64Array<ArrayBuffer> => {
      const target = new Float64Array(capacity);
      target.set(array.subarray(from, to));
      return target;
    };
    if (grow) {
      this.times = moved(this.times);
      this.columns = this.columns.map(moved);
    } else {
      this.times.copyWithin(0, from, to);
      for (const column of this.columns) column.copyWithin(0, from, to);
    }
    this.from = 0;
    this.to = to - from;
  }
}

/** A copy as numbers. Outside of browsers attachments arrive as views into a larger buffer, at any offset. */
function doubles(bytes: BinaryColumns): Float64Array<ArrayBuffer> {
  const view = ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
  return new Float64Array(view.slice().buffer);
}
