import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { Clock } from '../model/clock.js';
import { Batches } from '../sources/batches.js';
import { type RefusalReason, Store } from '../storage/store.js';
import { BatchIngester, type IngestOutcome } from './batch-ingester.js';
import { ingestBatches$ } from './ingest-batches.js';

/** What one source delivered since the start. */
export interface SourceCounts {
  appended: number;
  readonly refused: Map<RefusalReason, number>;
}

/** A source that has every batch refused must not fill the server's own log. */
const WARN_EVERY_MS = 60_000;

/** In: `batches$`. Out: samples in the store. Owns: the subscription and the counts of what was refused, by source and reason. */
@Injectable()
export class IngestService implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('ingest');
  private readonly ingester: BatchIngester;
  private readonly bySource = new Map<string, SourceCounts>();
  private readonly warnedMs = new Map<string, number>();
  private subscription: Subscription | undefined;

  constructor(
    private readonly batches: Batches,
    store: Store,
    private readonly clock: Clock,
  ) {
    this.ingester = new BatchIngester(store);
  }

  onModuleInit(): void {
    this.subscription = ingestBatches$(this.batches.batches$, {
      ingest: (batch) => this.ingester.ingest(batch),
      failed: (batch, error) => this.warn(`${batch.source}: a batch could not be stored`, error),
    }).subscribe({
      next: (outcome) => this.count(outcome),
      error: (error: unknown) => this.logger.error('The stream of batches has failed; nothing more is stored', error),
    });
  }

  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
  }

  counts(): ReadonlyMap<string, Readonly<SourceCounts>> {
    return this.bySource;
  }

  /** Adds what another way in (remote write) has stored or refused. */
  count({ source, appended, refused }: Omit<IngestOutcome, 'ended'>): void {
    let counts = this.bySource.get(source);
    if (!counts) this.bySource.set(source, (counts = { appended: 0, refused: new Map() }));
    counts.appended += appended;
    for (const [reason, samples] of refused) {
      counts.refused.set(reason, (counts.refused.get(reason) ?? 0) + samples);
      this.warn(`${source}: ${samples} samples refused (${reason})`, undefined);
    }
  }

  private warn(message: string, error: unknown): void {
    const kind = message.replace(/\d+/g, '#');
    const nowMs = this.clock.nowMs();
    if (nowMs - (this.warnedMs.get(kind) ?? -Infinity) < WARN_EVERY_MS) return;
    this.warnedMs.set(kind, nowMs);
    this.logger.warn(error instanceof Error ? `${message}: ${error.message}` : message);
  }
}
