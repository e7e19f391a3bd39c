import type { Batch } from '../model/batch.js';
import type { RefusalReason, Store } from '../storage/store.js';
import { BatchColumns } from './batch-columns.js';
import { EndedSeries } from './ended-series.js';
import { SeriesResolver } from './series-resolver.js';

/** What became of a batch. */
export interface IngestOutcome {
  readonly source: string;
  readonly appended: number;
  /** Series that ended with it. */
  readonly ended: number;
  readonly refused: ReadonlyMap<RefusalReason, number>;
}

/** In: batches. Out: samples in the store, and what became of them. Owns: which series each source had last. */
export class BatchIngester {
  private readonly resolver: SeriesResolver;
  private readonly columns = new BatchColumns();
  private readonly ended = new EndedSeries();

  constructor(private readonly store: Store) {
    this.resolver = new SeriesResolver(store);
  }

  ingest(batch: Batch): IngestOutcome {
    const { columns } = this;
    const { source, series, timestamps, values, receivedMs, metadata } = batch;
    const refused = new Map<RefusalReason, number>();
    columns.clear(series.length);
    for (let i = 0; i < series.length; i++) {
      const ref = this.resolver.resolve(series[i], source);
      if (typeof ref === 'number') columns.add(ref, timestamps[i], values, i);
      else refused.set(ref, (refused.get(ref) ?? 0) + 1);
    }
    const ended = batch.complete ? this.endSeries(batch) : 0;
    const { refs, timestamps: times, values: column, count } = columns;
    const result = this.store.append({
      source,
      receivedMs,
      refs,
      timestamps: times,
      values: column,
      count,
      ...(metadata ? { metadata } : {}),
    });
    for (const [reason, samples] of result.refused) refused.set(reason, (refused.get(reason) ?? 0) + samples);
    return { source, appended: result.appended, ended, refused };
  }

  /** Adds a stale marker, at the batch's own time, for each series that the source no longer has. */
  private endSeries({ source, timestamps, receivedMs }: Batch): number {
    const { columns } = this;
    const atMs = timestamps.length > 0 ? timestamps[0] : receivedMs;
    const gone = this.ended.update(source, columns.refs.subarray(0, columns.count));
    for (const ref of gone) if (this.store.labelsOf(ref)) columns.addStale(ref, atMs);
    return gone.length;
  }
}
