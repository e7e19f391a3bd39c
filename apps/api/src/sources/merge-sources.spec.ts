import type { SourceStatus } from '@opsroom/contracts';
import { defer, of, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { Batch } from '../model/batch.js';
import { ManualClock } from '../model/manual-clock.fixture.js';
import { mergeSources } from './merge-sources.js';

const batch = (source: string): Batch => ({
  source,
  receivedMs: 1,
  series: [],
  timestamps: new Float64Array(),
  values: new Float64Array(),
  durationMs: 2,
  complete: true,
});

describe('mergeSources', () => {
  it('interleaves the batches of all sources as they come', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ cold, expectObservable }) => {
      const values = { a: batch('a'), b: batch('b') };
      const a = { name: 'a', intervalMs: 2, batches$: cold(' a-a-|', values) };
      const b = { name: 'b', intervalMs: 2, batches$: cold(' -b-b|', values) };
      expectObservable(mergeSources([a, b], new ManualClock(), () => undefined)).toBe('abab|', values);
    });
  });

  it('reports a source that fails, waits, and starts it again', () => {
    const clock = new ManualClock();
    const statuses: SourceStatus[] = [];
    let runs = 0;
    const flaky = defer(() => (runs++ === 0 ? throwError(() => new Error('disk on fire')) : of(batch('flaky'))));
    const received: Batch[] = [];
    mergeSources([{ name: 'flaky', intervalMs: 1000, batches$: flaky }], clock, (s) => statuses.push(s)).subscribe(
      (b) => received.push(b),
    );

    expect(statuses).toMatchObject([{ health: 'down', lastError: 'disk on fire' }]);
    clock.advance(4999);
    expect(received).toHaveLength(0);
    clock.advance(1);
    expect(received).toHaveLength(1);
    expect(statuses.at(-1)).toMatchObject({ health: 'up', lastError: '', durationMs: 2 });
  });
});
