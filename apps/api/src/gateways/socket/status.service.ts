import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { ServerStatus } from '@opsroom/contracts';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { map, type Observable, type Subscription } from 'rxjs';
import { VERSION } from '../../config/version.js';
import { Clock } from '../../model/clock.js';
import { SelfMetrics } from '../../model/self-metrics.js';
import { RulesService } from '../../rules/rules.service.js';
import { Batches } from '../../sources/batches.js';
import { Store } from '../../storage/store.js';
import { TopicsService } from '../../topics/topics.service.js';
import { MetricsRooms } from './metrics-rooms.js';

const PERIOD_MS = 1_000;
/** Resolution of the event loop's delay, which is also what it reads when nothing is in the way. */
const DELAY_RESOLUTION_MS = 10;

/**
 * In: what sources, rules, store, topics and sockets say of themselves. Out: the server's status, asked for or once a second
 * while somebody watches. Owns: the measure of the event loop's delay and the rate of samples.
 */
@Injectable()
export class StatusService implements OnModuleInit, OnModuleDestroy {
  /** Nothing is gathered while nobody is subscribed. */
  readonly status$: Observable<ServerStatus>;
  private readonly logger = new Logger(StatusService.name);
  private readonly startedMs: number;
  private readonly delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  private subscription: Subscription | undefined;
  private samples = 0;
  private lastSamples = 0;
  private lastMs: number;
  private samplesPerSecond = 0;
  private eventLoopDelayMs = 0;

  constructor(
    private readonly clock: Clock,
    private readonly batches: Batches,
    private readonly rules: RulesService,
    private readonly store: Store,
    private readonly topics: TopicsService,
    private readonly rooms: MetricsRooms,
    private readonly self: SelfMetrics,
  ) {
    this.startedMs = clock.nowMs();
    this.lastMs = clock.monotonicMs();
    this.status$ = clock.beats(PERIOD_MS).pipe(map(() => this.status()));
  }

  onModuleInit(): void {
    this.delay.enable();
    const error = (problem: unknown): void => this.logger.error('the load is no longer measured', problem);
    this.subscription = this.store.commits$.subscribe({ next: (commit) => (this.samples += commit.count), error });
    this.subscription.add(this.clock.beats(PERIOD_MS).subscribe({ next: () => this.measure(), error }));
    this.self.gauge({
      name: 'opsroom_event_loop_blocked_seconds',
      help: 'Longest that the event loop was blocked in the last second.',
      collect: (gauge) => gauge.set(this.eventLoopDelayMs / 1000),
    });
    this.self.gauge({
      name: 'opsroom_metrics_watchers',
      help: 'Connections that watch topics.',
      collect: (gauge) => gauge.set(this.rooms.watchers),
    });
  }

  onModuleDestroy(): void {
    this.delay.disable();
    this.subscription?.unsubscribe();
  }

  status(): ServerStatus {
    return {
      atMs: this.clock.nowMs(),
      startedMs: this.startedMs,
      version: VERSION,
      sources: this.batches.statuses(),
      rules: this.rules.status(),
      storage: this.store.health(),
      load: {
        topics: this.topics.count,
        watchers: this.rooms.watchers,
        series: this.store.stats().series,
        samplesPerSecond: this.samplesPerSecond,
        eventLoopDelayMs: this.eventLoopDelayMs,
        heapBytes: process.memoryUsage().heapUsed,
      },
    };
  }

  private measure(): void {
    const nowMs = this.clock.monotonicMs();
    const seconds = (nowMs - this.lastMs) / 1000;
    if (seconds > 0) this.samplesPerSecond = Math.round((this.samples - this.lastSamples) / seconds);
    this.lastSamples = this.samples;
    this.lastMs = nowMs;
    this.eventLoopDelayMs = Math.max(0, Math.round(this.delay.max / 1e6) - DELAY_RESOLUTION_MS);
    this.delay.reset();
  }
}
