import { TestScheduler } from 'rxjs/testing';
import type { Batch } from '../model/batch.js';
import type { IngestOutcome } from './batch-ingester.js';
import { ingestBatches$ } from './ingest-batches.js';

const batch = (source: string): Batch => ({
  source,
  receivedMs: 0,
  series: [],
  timestamps: new Float64Array(),
  values: new Float64Array(),
  durationMs: 0,
  complete: false,
});
const outcome = (source: string): IngestOutcome => ({ source, appended: 0, ended: 0, refused: new Map() });

describe('the stream of batches into the store', () => {
  const scheduler = (): TestScheduler => new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  const failures: string[] = [];
  const steps = {
    ingest: ({ source }: Batch): IngestOutcome => {
      if (source === 'bad') throw new Error('no room');
      return outcome(source);
    },
    failed: ({ source }: Batch, error: unknown): void => void failures.push(`${source}: ${String(error)}`),
  };
  beforeEach(() => {
    failures.length = 0;
  });

  it('ingests every batch when it comes, two in one moment too', () => {
    scheduler().run(({ hot, expectObservable }) => {
      const batches$ = hot('  -a--(bc)--a-|', { a: batch('a'), b: batch('b'), c: batch('c') });
      const expected = '      -a--(bc)--a-|';
      expectObservable(ingestBatches$(batches$, steps)).toBe(expected, {
        a: outcome('a'),
        b: outcome('b'),
        c: outcome('c'),
      });
    });
  });

  it('goes on after a batch that could not be ingested', () => {
    scheduler().run(({ hot, expectObservable, flush }) => {
      const batches$ = hot('  -a-x-a-|', { a: batch('a'), x: batch('bad') });
      const expected = '      -a---a-|';
      expectObservable(ingestBatches$(batches$, steps)).toBe(expected, { a: outcome('a') });
      flush();
    });
    expect(failures).toEqual(['bad: Error: no room']);
  });
});
