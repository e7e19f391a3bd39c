import {
  absentColumn,
  DeltaRecorder,
  type MetricsDelta,
  type MetricsSnapshot,
  type Position,
  takeSnapshot,
  type TopicClosed,
} from '@opsroom/contracts';
import { Subject, type Observable } from 'rxjs';
import type { Labels } from '@opsroom/promql';
import type { Evaluated, EvaluatedRow } from './evaluator.js';
import { FrameHistory } from './history.js';

/** What happens to a topic that is watched. */
export type TopicEvent =
  | { readonly kind: 'delta'; readonly delta: MetricsDelta }
  /** A new epoch: every watcher needs a snapshot. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'closed'; readonly closed: TopicClosed };

export interface TopicDescription {
  readonly key: string;
  /** Canonical text. */
  readonly expr: string;
  readonly stepMs: number;
  readonly windowMs: number;
}

/** A topic as gateways see it. */
export interface WatchedTopic extends TopicDescription {
  /** Alive while subscribed to, and some time after. Completes when the topic is closed. */
  readonly events$: Observable<TopicEvent>;
  readonly position: Position;
  /** All that a watcher needs to go on from `position`. */
  snapshot(maxPoints?: number): MetricsSnapshot;
  /** What a watcher at `position` has missed; 'nothing' if it has all, undefined if only a snapshot helps. */
  since(position: Position): MetricsDelta | 'nothing' | undefined;
}

/** Series that have had no value for a whole window, beyond which the table is made anew. */
const MAX_DEAD_SERIES = 100;

/**
 * The frames of one topic: folds evaluated columns into what every watcher holds, numbers the deltas, keeps the last of them.
 * It does not know when or how columns are evaluated.
 */
export class TopicFrames {
  private readonly subject = new Subject<TopicEvent>();
  readonly events$ = this.subject.asObservable();
  private readonly history: FrameHistory;
  /** What watchers hold, and while a new epoch is being filled, what they will hold. */
  private recorder: DeltaRecorder;
  private filling: DeltaRecorder | undefined;
  private indexes = new Map<string, number>();
  /** The same for the indexes of the running evaluation. */
  private rowIndexes: number[] = [];
  private rowEpoch = -1;
  private epochs = 0;
  private readonly snapshots = new Map<number, MetricsSnapshot>();

  constructor(
    readonly description: TopicDescription,
    private readonly epochSeed: string,
    limits: { readonly frames: number; readonly bytes: number },
  ) {
    this.history = new FrameHistory({ ...limits, windowMs: description.windowMs });
    this.recorder = this.newRecorder();
  }

  get position(): Position {
    return this.recorder.buffer.position ?? { epoch: this.recorder.epoch, offset: 0 };
  }

  get tipMs(): number | undefined {
    const { buffer } = this.recorder;
    return buffer.tip ? buffer.times[buffer.to - 1] : undefined;
  }

  /** Nothing has a value in the newest column. */
  get empty(): boolean {
    const { buffer } = this.recorder;
    return buffer.length === 0 || buffer.columns.every((column) => Number.isNaN(column[buffer.to - 1]));
  }

  get seriesCount(): number {
    return this.target.buffer.series.length;
  }

  /** Takes the columns of an evaluation that starts at `startMs`; nothing is sent before `publish`. */
  columns(evaluated: Evaluated, startMs: number, count: number): void {
    this.rows(evaluated, count, (row, step) => {
      this.target.column(startMs + step * this.description.stepMs, false, row);
    });
  }

  tip(evaluated: Evaluated, timeMs: number): void {
    this.rows(evaluated, 1, (row) => this.target.column(timeMs, true, row));
  }

  /** One column of the running evaluation, on the grid or as the tip. */
  row({ epoch, labels, values, present }: EvaluatedRow, timeMs: number, tip: boolean): void {
    if (epoch !== this.rowEpoch) {
      this.rowEpoch = epoch;
      this.rowIndexes = [];
    }
    for (let i = this.rowIndexes.length; i < labels.length; i++) this.rowIndexes.push(this.indexOf(labels[i]));
    const row = absentColumn(this.seriesCount);
    for (let i = 0; i < labels.length; i++) if (present[i] === 1) row[this.rowIndexes[i]] = values[i];
    this.target.column(timeMs, tip, row);
  }

  corrections(evaluated: Evaluated, startMs: number, count: number): void {
    this.rows(evaluated, count, (row, step) => {
      this.target.correct(startMs + step * this.description.stepMs, row);
    });
  }

  annotate(annotations: readonly string[]): void {
    this.target.annotate(annotations);
  }

  /** Sends what was recorded. True if that was anything. */
  publish(newestMs: number, evaluatedMs: number): boolean {
    const delta = this.recorder.take(newestMs, evaluatedMs);
    if (!delta) return false;
    this.snapshots.clear();
    this.history.push(delta);
    this.subject.next({ kind: 'delta', delta });
    return true;
  }

  /** Begins a new epoch. Watchers keep the old one until `announce`. */
  restart(): void {
    this.filling = this.newRecorder();
    this.indexes = new Map();
    this.rowEpoch = -1;
  }

  /** Ends the filling of a new epoch: from now on it is what snapshots show and deltas continue. */
  announce(newestMs: number, evaluatedMs: number): void {
    if (!this.filling) return;
    this.filling.take(newestMs, evaluatedMs);
    this.recorder = this.filling;
    this.filling = undefined;
    this.history.clear();
    this.snapshots.clear();
    this.subject.next({ kind: 'reset' });
  }

  /** So many series have died that the table should be made anew. */
  get worn(): boolean {
    const { buffer } = this.recorder;
    if (buffer.series.length <= MAX_DEAD_SERIES) return false;
    const dead = buffer.columns.filter((column) => {
      for (let i = buffer.from; i < buffer.to; i++) if (!Number.isNaN(column[i])) return false;
      return true;
    }).length;
    return dead > Math.max(MAX_DEAD_SERIES, buffer.series.length / 2);
  }

  close(closed?: TopicClosed): void {
    if (closed) this.subject.next({ kind: 'closed', closed });
    this.subject.complete();
  }

  /** Shared by all watchers with the same wish, as long as the position stands. */
  snapshot(maxPoints = Infinity): MetricsSnapshot {
    let snapshot = this.snapshots.get(maxPoints);
    if (!snapshot) {
      const { key, stepMs, windowMs } = this.description;
      snapshot = takeSnapshot(key, this.recorder.buffer, { stepMs, windowMs }, maxPoints);
      this.snapshots.set(maxPoints, snapshot);
    }
    return snapshot;
  }

  since(position: Position): MetricsDelta | 'nothing' | undefined {
    return this.history.since(position, this.position);
  }

  private get target(): DeltaRecorder {
    return this.filling ?? this.recorder;
  }

  private newRecorder(): DeltaRecorder {
    const { key, windowMs } = this.description;
    return new DeltaRecorder(key, `${this.epochSeed}-${++this.epochs}`, windowMs);
  }

  /** A series' place in the table of the epoch. */
  private indexOf(labels: Labels): number {
    const known = this.indexes.get(labels.key);
    if (known !== undefined) return known;
    const index = this.target.addSeries(labels.toObject());
    this.indexes.set(labels.key, index);
    return index;
  }

  private rows(evaluated: Evaluated, count: number, each: (row: Float64Array, step: number) => void): void {
    const indexes = evaluated.series.map(({ labels }) => this.indexOf(labels));
    for (let step = 0; step < count; step++) {
      const row = absentColumn(this.seriesCount);
      evaluated.series.forEach(({ values, present }, i) => {
        if (present[step]) row[indexes[i]] = values[step];
      });
      each(row, step);
    }
  }
}
