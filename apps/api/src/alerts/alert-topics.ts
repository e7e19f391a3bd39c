import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { type AlertsFrame, alertsTopicKey, type AlertView, type MatcherSpec, type Position } from '@opsroom/contracts';
import type { Matcher } from '@opsroom/promql';
import { type Observable, Subject, Subscription } from 'rxjs';
import { OpsroomConfig } from '../config/config.js';
import { Clock } from '../model/clock.js';
import type { Transition } from '../model/transition.js';
import { AlertsService } from './alerts.service.js';
import { compileMatchers, matchesAll } from './label-index.js';

type Delta = Extract<AlertsFrame, { kind: 'delta' }>;

/** Alerts in one delta at most; a storm becomes several frames, so that none blocks a slow line for long. */
const FRAME_ALERTS = 500;
/** Alerts in a topic's history at most; a watcher that is further behind gets a snapshot. */
const HISTORY_ALERTS = 20_000;

/** What a new watcher of a topic is told. */
export interface WatchedTopic {
  readonly topic: string;
  readonly position: Position;
  /** True: `frames` are the deltas since the position it had. False: `frames` is one snapshot. */
  readonly recovered: boolean;
  readonly frames: readonly AlertsFrame[];
}

/**
 * In: transitions, and matchers that somebody watches. Out: `frames$`, for the rooms of the topics' names. Owns: for each
 * watched set of matchers a position and a bounded history; nothing per watcher.
 */
@Injectable()
export class AlertTopics implements OnModuleDestroy {
  private readonly logger = new Logger('AlertTopics');
  private readonly topics = new Map<string, AlertTopic>();
  private readonly lingering = new Map<string, Subscription>();
  private readonly frames = new Subject<AlertsFrame>();
  private readonly subscription: Subscription;

  /** Deltas in order; each goes to the room with its topic's name. */
  readonly frames$: Observable<AlertsFrame> = this.frames.asObservable();

  constructor(
    private readonly alerts: AlertsService,
    private readonly config: OpsroomConfig,
    private readonly clock: Clock,
  ) {
    this.subscription = alerts.transitions$.subscribe({
      next: (transitions) => {
        for (const topic of this.topics.values()) for (const frame of topic.take(transitions)) this.frames.next(frame);
      },
      error: (error: unknown) =>
        this.logger.error('the transitions have failed', error instanceof Error ? error.stack : error),
    });
  }

  onModuleDestroy(): void {
    this.subscription.unsubscribe();
    for (const timer of this.lingering.values()) timer.unsubscribe();
    this.frames.complete();
  }

  /**
   * Begins or joins a topic. The caller joins the room in the same turn of the event loop, so that no frame falls between.
   * Throws a `Refusal` for a bad regular expression.
   */
  watch(specs: readonly MatcherSpec[], resume?: Position): WatchedTopic {
    const key = alertsTopicKey(specs);
    this.lingering.get(key)?.unsubscribe();
    this.lingering.delete(key);
    let topic = this.topics.get(key);
    if (!topic) {
      topic = new AlertTopic(key, compileMatchers(specs), randomUUID(), this.config.topics.historyFrames);
      this.topics.set(key, topic);
    }
    const { position } = topic;
    const missed = resume && topic.since(resume);
    if (missed) return { topic: key, position, recovered: true, frames: missed };
    const snapshot: AlertsFrame = { kind: 'snapshot', topic: key, position, alerts: this.alerts.select(specs) };
    return { topic: key, position, recovered: false, frames: [snapshot] };
  }

  /** Tells that nobody watches the topic any more: it ends unless somebody comes back within the linger time. */
  unwatched(key: string): void {
    if (!this.topics.has(key) || this.lingering.has(key)) return;
    const end = this.clock.after(this.config.topics.lingerMs).subscribe({
      next: () => {
        this.lingering.delete(key);
        this.topics.delete(key);
      },
      error: (error: unknown) => this.logger.error('a timer has failed', error instanceof Error ? error.stack : error),
    });
    this.lingering.set(key, end);
  }

  get size(): number {
    return this.topics.size;
  }
}

/** One set of matchers: its position and the deltas that lead to it. */
class AlertTopic {
  private readonly history: Delta[] = [];
  private historyAlerts = 0;
  private offset = 0;

  constructor(
    readonly key: string,
    private readonly matchers: readonly Matcher[],
    private readonly epoch: string,
    private readonly maxFrames: number,
  ) {}

  get position(): Position {
    return { epoch: this.epoch, offset: this.offset };
  }

  /** The deltas after a position; undefined when they are not all there any more. */
  since(position: Position): readonly Delta[] | undefined {
    if (position.epoch !== this.epoch || position.offset > this.offset) return undefined;
    const missed = this.offset - position.offset;
    return missed <= this.history.length ? this.history.slice(this.history.length - missed) : undefined;
  }

  take(transitions: readonly Transition[]): Delta[] {
    const changed: AlertView[] = [];
    const removed: string[] = [];
    for (const { previous, current } of transitions) {
      const view = current ?? previous;
      if (!view || !matchesAll(this.matchers, view.labels)) continue;
      if (current) changed.push(current);
      else removed.push(view.fingerprint);
    }
    const made: Delta[] = [];
    for (let from = 0; from < changed.length || (from === 0 && removed.length > 0); from += FRAME_ALERTS) {
      this.offset++;
      made.push({
        kind: 'delta',
        topic: this.key,
        position: this.position,
        changed: changed.slice(from, from + FRAME_ALERTS),
        removed: from === 0 ? removed : [],
      });
    }
    for (const delta of made) {
      this.history.push(delta);
      this.historyAlerts += delta.changed.length + delta.removed.length;
    }
    while (this.history.length > this.maxFrames || this.historyAlerts > HISTORY_ALERTS) {
      const dropped = this.history.shift();
      if (!dropped) break;
      this.historyAlerts -= dropped.changed.length + dropped.removed.length;
    }
    return made;
  }
}
