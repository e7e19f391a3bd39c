import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { metricsTopicKey, type TopicClosed, type TopicSpec } from '@opsroom/contracts';
import { PromqlExecutionError, PromqlLimitError, PromqlSyntaxError } from '@opsroom/promql';
import { filter, firstValueFrom, type Subscription } from 'rxjs';
import { OpsroomConfig } from '../config/config.js';
import { Clock } from '../model/clock.js';
import type { Commit } from '../model/commit.js';
import { Refusal } from '../model/refusal.js';
import { Store } from '../storage/store.js';
import { newestSample } from './newest-sample.js';
import { SeriesIndex } from './series-index.js';
import { Slices } from './slices.js';
import { type Tick, topicTicks } from './ticks.js';
import { TooManySeries, Topic } from './topic.js';
import { TopicCompiler } from './topic-compiler.js';
import { type TopicDescription, TopicFrames, type WatchedTopic } from './topic-frames.js';
import { TopicMetrics } from './topic-metrics.js';

/** Longest that evaluation holds the process before others get a turn, in ms. */
const SLICE_MS = 8;
const MAX_POINTS_PER_SERIES = 11_000;

/**
 * In: the store's commits, the clock's beats, topics that gateways open. Out: each topic's events, evaluated once for all who
 * watch it. Owns: the topics that are alive and the index from series to topics.
 */
@Injectable()
export class TopicsService implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(TopicsService.name);
  private readonly topics = new Map<string, Topic>();
  private readonly opening = new Map<string, Promise<Topic>>();
  private readonly index: SeriesIndex;
  private readonly slices: Slices<{ readonly topic: Topic; untilMs: number }>;
  private readonly jobs = new WeakMap<Topic, { readonly topic: Topic; untilMs: number }>();
  private fills: Promise<unknown> = Promise.resolve();
  private ticks: Subscription | undefined;
  private again: Subscription | undefined;
  private epochs = 0;
  private readonly failed = (error: unknown): void => this.logger.error('topics no longer follow the store', error);

  constructor(
    private readonly config: OpsroomConfig,
    private readonly clock: Clock,
    private readonly store: Store,
    private readonly compiler: TopicCompiler,
    private readonly metrics: TopicMetrics,
  ) {
    this.index = new SeriesIndex(store);
    this.slices = new Slices(clock, SLICE_MS, (job) => this.advance(job), this.failed);
  }

  onModuleInit(): void {
    const { coalesceMs } = this.config.topics;
    const marked$ = this.store.commits$.pipe(filter((commit: Commit) => this.index.commit(commit)));
    this.ticks = topicTicks(marked$, this.clock.beats(1_000), { clock: this.clock, coalesceMs }).subscribe({
      next: (tick) => this.tick(tick),
      error: this.failed,
    });
    this.metrics.observe(() => ({ topics: this.topics.size, waiting: this.slices.length }));
  }

  onModuleDestroy(): void {
    this.ticks?.unsubscribe();
    this.again?.unsubscribe();
    this.slices.close();
    for (const topic of [...this.topics.values()]) {
      topic.close({ topic: topic.key, reason: 'shutdown', message: 'the server is shutting down' });
    }
  }

  /** Topics that are alive. */
  get count(): number {
    return this.topics.size;
  }

  /**
   * The topic of a spec, made if nobody watches it yet, with its window filled. It lives for `topics.lingerMs` and for as long as
   * its events are subscribed to. Throws a Refusal: `bad_expression` with the position, `too_expensive`.
   */
  async open(spec: TopicSpec): Promise<WatchedTopic> {
    const points = spec.windowMs / spec.stepMs;
    if (points > MAX_POINTS_PER_SERIES) {
      throw new Refusal(
        'too_expensive',
        `${Math.round(points)} points per series; at most ${MAX_POINTS_PER_SERIES}: take a longer step or a shorter window`,
      );
    }
    const expr = refusing(() => this.compiler.canonical(spec.expr));
    const key = metricsTopicKey(expr, spec.stepMs, spec.windowMs);
    const opening = this.opening.get(key);
    if (opening) return opening;
    const topic = this.topics.get(key);
    if (topic) return topic;
    const made = this.make({ key, expr, stepMs: spec.stepMs, windowMs: spec.windowMs }, spec.expr);
    this.opening.set(key, made);
    return made.finally(() => this.opening.delete(key));
  }

  private async make(description: TopicDescription, text: string): Promise<Topic> {
    const { topics } = this.config;
    const { evaluator, reach } = refusing(() => this.compiler.compile(text, description.stepMs));
    const frames = new TopicFrames(description, `${this.clock.nowMs().toString(36)}${(++this.epochs).toString(36)}`, {
      frames: topics.historyFrames,
      bytes: topics.historyBytes,
    });
    const topic = new Topic({
      frames,
      evaluator,
      reach,
      clock: this.clock,
      lingerMs: topics.lingerMs,
      maxSeries: topics.maxSeriesPerTopic,
      onActive: (active) => this.index.add(active.mark, reach.selectors, (commit) => evaluator.commit(commit)),
      onIdle: (idle) => this.forget(idle),
    });
    const hold = topic.events$.subscribe();
    this.topics.set(description.key, topic);
    try {
      await this.fill(topic);
    } catch (error) {
      topic.close({ topic: topic.key, reason: 'failed', message: messageOf(error) });
      throw asRefusal(error);
    } finally {
      hold.unsubscribe();
    }
    return topic;
  }

  private forget(topic: Topic): void {
    this.index.remove(topic.mark);
    if (this.topics.get(topic.key) === topic) this.topics.delete(topic.key);
    const job = this.jobs.get(topic);
    if (job) this.slices.delete(job);
  }

  private tick(tick: Tick): void {
    const nowMs = this.clock.nowMs();
    let againMs = Infinity;
    for (const topic of this.topics.values()) {
      const untilMs = tick.kind === 'beat' ? topic.untilOnBeat(tick.beatMs, this.config.topics.coalesceMs) : -Infinity;
      if (!topic.marked && untilMs === -Infinity) continue;
      const waitMs = topic.waitMs(nowMs);
      if (waitMs === 0) this.queue(topic, untilMs);
      else if (topic.marked) againMs = Math.min(againMs, waitMs);
    }
    this.slices.run();
    if (Number.isFinite(againMs)) this.tickAgain(Math.ceil(againMs));
  }

  /** What came for a topic that had to wait is not left until the next beat. */
  private tickAgain(delayMs: number): void {
    if (this.again && !this.again.closed) return;
    this.again = this.clock.after(delayMs).subscribe({
      next: () => {
        this.again = undefined;
        this.tick({ kind: 'arrival' });
      },
      error: this.failed,
    });
  }

  private queue(topic: Topic, untilMs: number): void {
    let job = this.jobs.get(topic);
    if (!job) this.jobs.set(topic, (job = { topic, untilMs }));
    job.untilMs = Math.max(job.untilMs, untilMs);
    this.slices.add(job);
  }

  private advance(job: { readonly topic: Topic; untilMs: number }): void {
    const { topic, untilMs } = job;
    job.untilMs = -Infinity;
    if (topic.waitMs(this.clock.nowMs()) > 0) return;
    try {
      const { outcome, receivedMs, tookMs } = topic.advance(untilMs);
      this.metrics.evaluated(tookMs, this.clock.nowMs() - receivedMs);
      if (outcome === 'reset') void this.fill(topic).catch((error: unknown) => this.end(topic, error));
    } catch (error) {
      this.end(topic, error);
    }
  }

  /** Fills one topic after the other, each in pieces, so that a thousand new watchers do not hold up those that are there. */
  private fill(topic: Topic): Promise<void> {
    const run = async (): Promise<void> => {
      const newestMs = newestSample(this.store, topic.reach, topic.windowMs, this.clock.nowMs());
      const filling = topic.fill(newestMs);
      while (!filling.next().done) await firstValueFrom(this.clock.after(0), { defaultValue: undefined });
      // What came while it was being filled.
      if (topic.marked) this.tickAgain(0);
    };
    const filled = this.fills.then(run);
    this.fills = filled.catch(() => undefined);
    return filled;
  }

  private end(topic: Topic, error: unknown): void {
    const closed: TopicClosed = {
      topic: topic.key,
      reason: isTooExpensive(error) ? 'too_expensive' : 'failed',
      message: messageOf(error),
    };
    if (!isExpected(error))
      this.logger.error(`topic ${topic.expr} failed`, error instanceof Error ? error.stack : error);
    topic.close(closed);
  }
}

const isTooExpensive = (error: unknown): boolean => error instanceof PromqlLimitError || error instanceof TooManySeries;
const isExpected = (error: unknown): boolean => isTooExpensive(error) || error instanceof PromqlExecutionError;
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Turns what parsing and evaluating throw into what a reply can say. */
function asRefusal(error: unknown): unknown {
  if (error instanceof PromqlSyntaxError)
    return new Refusal('bad_expression', error.message, { position: error.range });
  if (isTooExpensive(error)) return new Refusal('too_expensive', messageOf(error));
  return error instanceof PromqlExecutionError ? new Refusal('bad_expression', error.message) : error;
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asRefusal(error);
  }
}
