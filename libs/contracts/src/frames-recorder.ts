import { absentColumn, copyValue, isAbsent, sameValue } from './frames-absent.js';
import { TopicBuffer } from './frames-buffer.js';
import { type MetricsDelta, toWire, type WireChanges, type WireColumn, type WireValue } from './frames.js';
import type { LabelSet } from './labels.js';

/**
 * The sending side of a topic: takes evaluated rows, holds what every watcher holds (`buffer`), and gives the deltas that
 * carry a watcher from one to the next. A row has one entry per series in the order of the table, absent where the series
 * has no value; it may be longer than the table.
 */
export class DeltaRecorder {
  readonly buffer: TopicBuffer;
  private offset = 0;
  private added: [number, LabelSet][] = [];
  private columns: WireColumn[] = [];
  private corrections: [number, WireChanges][] = [];
  private annotations: readonly string[] | undefined;

  constructor(
    readonly topic: string,
    readonly epoch: string,
    windowMs: number,
  ) {
    this.buffer = new TopicBuffer(windowMs);
    this.buffer.position = { epoch, offset: 0 };
  }

  addSeries(labels: LabelSet): number {
    const index = this.buffer.addSeries(labels);
    this.added.push([index, labels]);
    return index;
  }

  /** The next column; see WireColumn for which one it replaces. */
  column(timeMs: number, tip: boolean, row: Float64Array): void {
    const at = this.buffer.openColumn(timeMs, tip);
    this.columns.push([timeMs, tip ? 1 : 0, this.write(at, row)]);
  }

  /**
   * A column that was recorded has other values. Nothing is sent when they are the same, or when the column is gone. The last
   * column is sent anew in its place, since the next one builds on it.
   */
  correct(timeMs: number, row: Float64Array): boolean {
    const at = this.buffer.indexOf(timeMs);
    if (at < 0) return false;
    if (at === this.buffer.to - 1) {
      if (!this.differs(at, row)) return false;
      this.column(timeMs, this.buffer.tip, row);
      return true;
    }
    const changes = this.write(at, row);
    if (changes.length === 0) return false;
    this.corrections.push([timeMs, changes]);
    this.buffer.revision++;
    return true;
  }

  annotate(annotations: readonly string[]): void {
    if (sameTexts(annotations, this.annotations ?? this.buffer.annotations)) return;
    this.annotations = annotations;
  }

  /** Ends the frame. Undefined when nothing was recorded since the last one. */
  take(newestMs: number, evaluatedMs: number): MetricsDelta | undefined {
    if (this.columns.length + this.corrections.length + this.added.length === 0 && !this.annotations) return undefined;
    const frame: MetricsDelta = {
      t: this.topic,
      e: this.epoch,
      o: ++this.offset,
      n: newestMs,
      v: evaluatedMs,
      ...(this.added.length > 0 && { s: this.added }),
      c: this.columns,
      ...(this.corrections.length > 0 && { r: this.corrections }),
      ...(this.annotations && { a: this.annotations }),
    };
    this.buffer.evict();
    this.buffer.position = { epoch: this.epoch, offset: this.offset };
    this.buffer.newestMs = newestMs;
    this.buffer.evaluatedMs = evaluatedMs;
    this.buffer.annotations = this.annotations ?? this.buffer.annotations;
    this.buffer.version++;
    this.added = [];
    this.columns = [];
    this.corrections = [];
    this.annotations = undefined;
    return frame;
  }

  private differs(at: number, row: Float64Array): boolean {
    return this.buffer.columns.some((column, series) => !sameValue(column, at, ...source(row, series)));
  }

  private write(at: number, row: Float64Array): WireChanges {
    const changes: WireValue[] = [];
    this.buffer.columns.forEach((column, series) => {
      const [values, index] = source(row, series);
      if (sameValue(column, at, values, index)) return;
      changes.push(series, isAbsent(values, index) ? null : toWire(values[index]));
      copyValue(values, index, column, at);
    });
    return changes;
  }
}

const NOTHING = absentColumn(1);

/** Where a series' value stands; a row that is too short has none for the series after its end. */
const source = (row: Float64Array, series: number): [Float64Array, number] =>
  series < row.length ? [row, series] : [NOTHING, 0];

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}
