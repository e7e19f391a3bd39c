import { catchError, EMPTY, defer, mergeMap, type Observable, of } from 'rxjs';
import type { Batch } from '../model/batch.js';
import type { IngestOutcome } from './batch-ingester.js';

export interface IngestSteps {
  ingest(batch: Batch): IngestOutcome;
  /** Told of a batch that could not be ingested at all; the next one is tried as if nothing had been. */
  failed(batch: Batch, error: unknown): void;
}

/** Each batch goes into the store as it comes, at once; what became of it comes out. One failing batch does not stop the others. */
export function ingestBatches$(
  batches$: Observable<Batch>,
  { ingest, failed }: IngestSteps,
): Observable<IngestOutcome> {
  return batches$.pipe(
    mergeMap((batch) =>
      defer(() => of(ingest(batch))).pipe(
        catchError((error: unknown) => {
          failed(batch, error);
          return EMPTY;
        }),
      ),
    ),
  );
}
