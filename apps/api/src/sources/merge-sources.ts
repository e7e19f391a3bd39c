import type { SourceStatus } from '@opsroom/contracts';
import { defer, map, merge, type Observable, retry, tap } from 'rxjs';
import type { Batch } from '../model/batch.js';
import type { Clock } from '../model/clock.js';

export interface Source {
  readonly name: string;
  readonly intervalMs: number;
  readonly batches$: Observable<Batch>;
}

/** How long a source that failed is left alone. */
const RETRY_MS = 5000;

/**
 * All sources as one stream that never errors: one that fails is reported, waits and starts again; the others go on.
 * `report` hears of every batch and every failure.
 */
export function mergeSources(
  sources: readonly Source[],
  clock: Clock,
  report: (status: SourceStatus) => void,
): Observable<Batch> {
  return merge(
    ...sources.map((source) =>
      defer(() => source.batches$).pipe(
        tap((batch) => report(healthy(source, batch))),
        retry({
          delay: (error: unknown) => {
            report(failed(source, error, clock.nowMs()));
            return clock.after(RETRY_MS).pipe(map(() => undefined));
          },
        }),
      ),
    ),
  );
}

/** The status of a source that has not yielded anything yet. */
export function untried({ name, intervalMs }: Source): SourceStatus {
  return { name, health: 'unknown', intervalMs, lastBatchMs: 0, samples: 0, durationMs: 0, lastError: '' };
}

function healthy({ name, intervalMs }: Source, batch: Batch): SourceStatus {
  const { receivedMs, durationMs } = batch;
  return {
    name,
    health: 'up',
    intervalMs,
    lastBatchMs: receivedMs,
    samples: batch.values.length,
    durationMs,
    lastError: '',
  };
}

function failed({ name, intervalMs }: Source, error: unknown, atMs: number): SourceStatus {
  const lastError = error instanceof Error ? error.message : String(error);
  return { name, health: 'down', intervalMs, lastBatchMs: atMs, samples: 0, durationMs: 0, lastError };
}
