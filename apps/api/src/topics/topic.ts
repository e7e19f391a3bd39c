import type { MetricsDelta, MetricsSnapshot, Position } from '@opsroom/contracts';
import { Observable, share } from 'rxjs';
import type { Clock } from '../model/clock.js';
import { columnsDue } from './columns-due.js';
import type { Evaluated, EvaluatedRow, TopicEvaluator } from './evaluator.js';
import type { Reach } from './reach.js';
import { type Mark, newMark } from './series-index.js';
import type { TopicDescription, TopicEvent, TopicFrames, WatchedTopic } from './topic-frames.js';

/** What a topic is made of and who is told when it begins and ends to live. */
export interface TopicParts {
  readonly frames: TopicFrames;
  readonly evaluator: TopicEvaluator;
  readonly reach: Reach;
  readonly clock: Pick<Clock, 'nowMs' | 'monotonicMs' | 'after'>;
  readonly lingerMs: number;
  readonly maxSeries: number;
  readonly onActive: (topic: Topic) => void;
  readonly onIdle: (topic: Topic) => void;
}

/** How much of its time a topic may be under evaluation: one that takes 20 ms runs at most every 200 ms. */
const MAX_SHARE = 0.1;
/** A quiet topic is looked at this often, until its last series has left the lookback. */
const QUIET_MS = 15_000;
/** Longest that the grid waits for late samples before time alone moves it. */
const MAX_HOLD_MS = 10_000;
const FILL_STEPS = 50;
const FILL_BUDGET_MS = 8;

/** The topic has more series than one may have. */
export class TooManySeries extends Error {}

/** One topic: brings its columns up to date from the store when it is told to. Lives while its events are watched. */
export class Topic implements WatchedTopic, TopicDescription {
  readonly mark: Mark = newMark();
  readonly events$: Observable<TopicEvent>;
  private lastGridMs = 0;
  private lastEvaluatedMs = 0;
  private notBeforeMs = -Infinity;
  private filled = false;

  constructor(private readonly parts: TopicParts) {
    const living$ = new Observable<TopicEvent>((subscriber) => {
      parts.onActive(this);
      const events = parts.frames.events$.subscribe(subscriber);
      return () => {
        events.unsubscribe();
        parts.onIdle(this);
      };
    });
    this.events$ = living$.pipe(share({ resetOnRefCountZero: () => parts.clock.after(parts.lingerMs) }));
  }

  get key(): string {
    return this.parts.frames.description.key;
  }

  get expr(): string {
    return this.parts.frames.description.expr;
  }

  get stepMs(): number {
    return this.parts.frames.description.stepMs;
  }

  get windowMs(): number {
    return this.parts.frames.description.windowMs;
  }

  get position(): Position {
    return this.parts.frames.position;
  }

  get seriesCount(): number {
    return this.parts.frames.seriesCount;
  }

  get reach(): Reach {
    return this.parts.reach;
  }

  snapshot(maxPoints?: number): MetricsSnapshot {
    return this.parts.frames.snapshot(maxPoints);
  }

  since(position: Position): MetricsDelta | 'nothing' | undefined {
    return this.parts.frames.since(position);
  }

  close(closed: Parameters<TopicFrames['close']>[0]): void {
    this.parts.frames.close(closed);
  }

  /** Whether samples have come that it has not been evaluated with. */
  get marked(): boolean {
    return this.mark.dirtyFromMs <= this.mark.dirtyToMs;
  }

  /** Whether it should be looked at on a beat, and up to when its grid may then be filled. */
  untilOnBeat(beatMs: number, coalesceMs: number): number {
    const { reach, frames } = this.parts;
    this.mark.lagMs *= 0.95;
    const quiet = beatMs - this.lastEvaluatedMs >= QUIET_MS;
    if (reach.time === 'lookback' && !quiet) return -Infinity;
    const over = !reach.moving && this.lastGridMs > this.mark.newestMs + reach.mostMs && frames.empty;
    if (over) return -Infinity;
    const untilMs = beatMs - Math.min(MAX_HOLD_MS, this.mark.lagMs + 2 * coalesceMs);
    return untilMs >= this.lastGridMs + this.stepMs ? untilMs : -Infinity;
  }

  /** How long it must not be evaluated: it has had its share of the processor, or (Infinity) is being filled. */
  waitMs(nowMs: number): number {
    return this.filled ? Math.max(0, this.notBeforeMs - nowMs) : Infinity;
  }

  /**
   * Brings the columns up to date and publishes what changed. 'reset': the past must be filled anew first (`fill`). Gives the
   * time when the oldest sample in it was received, where samples drove it, and how long evaluating took without publishing.
   */
  advance(untilMs: number): {
    readonly outcome: 'published' | 'unchanged' | 'reset';
    readonly receivedMs: number;
    readonly tookMs: number;
  } {
    const { frames, evaluator, reach, clock } = this.parts;
    const { mark } = this;
    const nowMs = clock.nowMs();
    const startMs = clock.monotonicMs();
    const due = columnsDue(
      {
        stepMs: this.stepMs,
        windowMs: this.windowMs,
        lastGridMs: this.lastGridMs,
        newestMs: mark.newestMs,
        dirtyFromMs: mark.dirtyFromMs,
        dirtyToMs: mark.dirtyToMs,
        ...reach,
      },
      nowMs,
      untilMs,
    );
    if (due.reset || frames.worn) return { outcome: 'reset', receivedMs: Infinity, tookMs: 0 };
    const { receivedMs } = mark;
    this.clearMark();
    if (due.corrections) {
      const { startMs: fromMs, endMs } = due.corrections;
      frames.corrections(this.checked(evaluator.range(fromMs, endMs)), fromMs, this.stepsIn(fromMs, endMs));
    }
    if (due.columns) {
      const { startMs: fromMs, endMs } = due.columns;
      const annotated = this.columns(fromMs, endMs);
      frames.annotate(annotated);
      this.lastGridMs = endMs;
    }
    if (due.tipMs !== undefined) {
      const row = this.checkedRow(evaluator.at(due.tipMs));
      frames.row(row, due.tipMs, true);
      frames.annotate(row.annotations);
    }
    this.lastEvaluatedMs = nowMs;
    const tookMs = clock.monotonicMs() - startMs;
    const published = frames.publish(mark.newestMs, nowMs);
    this.charge(startMs);
    return { outcome: published ? 'published' : 'unchanged', receivedMs, tookMs };
  }

  /**
   * Fills the whole window anew, a piece at a time: run it to its end, with pauses wherever it yields. Throws what evaluating
   * throws.
   */
  *fill(newestMs: number): Generator<void, void> {
    const { frames, evaluator, clock } = this.parts;
    this.filled = false;
    this.clearMark();
    const nowMs = clock.nowMs();
    const endMs = Math.floor(nowMs / this.stepMs) * this.stepMs;
    let fromMs = Math.ceil((nowMs - this.windowMs) / this.stepMs) * this.stepMs;
    frames.restart();
    let steps = FILL_STEPS;
    while (fromMs <= endMs) {
      const startMs = clock.monotonicMs();
      const toMs = Math.min(endMs, fromMs + (steps - 1) * this.stepMs);
      const evaluated = this.checked(evaluator.range(fromMs, toMs));
      frames.columns(evaluated, fromMs, this.stepsIn(fromMs, toMs));
      frames.annotate(evaluated.annotations);
      const tookMs = Math.max(0.1, clock.monotonicMs() - startMs);
      steps = Math.max(1, Math.min(5_000, Math.floor((steps * FILL_BUDGET_MS) / tookMs)));
      fromMs = toMs + this.stepMs;
      if (fromMs <= endMs) yield;
    }
    this.lastGridMs = endMs;
    this.lastEvaluatedMs = nowMs;
    this.mark.newestMs = Math.max(this.mark.newestMs, newestMs);
    if (newestMs > endMs) frames.tip(this.checked(evaluator.range(newestMs, newestMs)), newestMs);
    this.filled = true;
    frames.announce(this.mark.newestMs, nowMs);
  }

  /** New columns on the grid: one by one through the running state where there are few, as a range where there are many. */
  private columns(fromMs: number, endMs: number): readonly string[] {
    const { frames, evaluator } = this.parts;
    const count = this.stepsIn(fromMs, endMs);
    if (count > 3) {
      const evaluated = this.checked(evaluator.range(fromMs, endMs));
      frames.columns(evaluated, fromMs, count);
      return evaluated.annotations;
    }
    let annotations: readonly string[] = [];
    for (let timeMs = fromMs; timeMs <= endMs; timeMs += this.stepMs) {
      const row = this.checkedRow(evaluator.at(timeMs));
      frames.row(row, timeMs, false);
      annotations = row.annotations;
    }
    return annotations;
  }

  private checked(evaluated: Evaluated): Evaluated {
    this.refuseTooMany(evaluated.series.length);
    return evaluated;
  }

  private checkedRow(row: EvaluatedRow): EvaluatedRow {
    if (row.labels.length > this.parts.maxSeries) {
      let series = 0;
      for (let i = 0; i < row.labels.length; i++) if (row.present[i] === 1) series++;
      this.refuseTooMany(series);
    }
    return row;
  }

  private refuseTooMany(series: number): void {
    const { maxSeries } = this.parts;
    if (series > maxSeries) throw new TooManySeries(`${series} series; a topic shows at most ${maxSeries}`);
  }

  private stepsIn(startMs: number, endMs: number): number {
    return Math.round((endMs - startMs) / this.stepMs) + 1;
  }

  private clearMark(): void {
    this.mark.dirtyFromMs = Infinity;
    this.mark.dirtyToMs = -Infinity;
    this.mark.receivedMs = Infinity;
  }

  private charge(startMs: number): void {
    const { clock } = this.parts;
    this.notBeforeMs = clock.nowMs() + (clock.monotonicMs() - startMs) * (1 / MAX_SHARE - 1);
  }
}
