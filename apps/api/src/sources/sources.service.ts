import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { SourceStatus } from '@opsroom/contracts';
import { type Observable, Subject, Subscription } from 'rxjs';
import { OpsroomConfig } from '../config/config.js';
import type { Batch } from '../model/batch.js';
import { Clock } from '../model/clock.js';
import { SelfMetrics } from '../model/self-metrics.js';
import { Batches } from './batches.js';
import { defaultHostOptions, hostBatches } from './host/host-source.js';
import { mergeSources, type Source, untried } from './merge-sources.js';
import { selfBatches } from './self/self-source.js';

const SELF_INTERVAL_MS = 5000;

/**
 * In: this machine and this process. Out: `batches$`, and how each source fares.
 * Owns: the sources' one subscription, which starts when every folder is ready to take batches.
 */
@Injectable()
export class SourcesService extends Batches implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(SourcesService.name);
  private readonly output = new Subject<Batch>();
  private readonly subscription = new Subscription();
  private readonly sources: readonly Source[];
  private readonly latest = new Map<string, SourceStatus>();

  override readonly batches$: Observable<Batch> = this.output.asObservable();

  constructor(
    private readonly clock: Clock,
    config: OpsroomConfig,
    selfMetrics: SelfMetrics,
  ) {
    super();
    const instance = `${config.process.host}:${config.process.port}`;
    const self = { intervalMs: SELF_INTERVAL_MS, instance };
    this.sources = [
      { name: 'host', intervalMs: defaultHostOptions.intervalMs, batches$: hostBatches(clock) },
      { name: 'opsroom', intervalMs: SELF_INTERVAL_MS, batches$: selfBatches(clock, selfMetrics.registry, self) },
    ];
    for (const source of this.sources) this.latest.set(source.name, untried(source));
  }

  override statuses(): readonly SourceStatus[] {
    return [...this.latest.values()];
  }

  onApplicationBootstrap(): void {
    const merged = mergeSources(this.sources, this.clock, (status) => this.report(status));
    this.subscription.add(
      merged.subscribe({
        next: (batch) => this.output.next(batch),
        error: (error: unknown) => this.logger.error('The sources have ended', error),
      }),
    );
  }

  onModuleDestroy(): void {
    this.subscription.unsubscribe();
    this.output.complete();
  }

  private report(status: SourceStatus): void {
    const before = this.latest.get(status.name)?.lastError;
    if (status.lastError && status.lastError !== before) this.logger.warn(`Source ${status.name}: ${status.lastError}`);
    this.latest.set(status.name, status);
  }
}
