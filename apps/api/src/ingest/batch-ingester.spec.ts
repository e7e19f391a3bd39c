import { createMatcher, isStale, Labels } from '@opsroom/promql';
import type { Batch } from '../model/batch.js';
import { labels, TestStore } from '../storage/test-store.fixture.js';
import { BatchIngester } from './batch-ingester.js';

const cpu = labels('cpu');
const mem = labels('mem');

describe('ingesting batches', () => {
  let test: TestStore;
  let ingester: BatchIngester;
  beforeEach(() => {
    test = new TestStore({ outOfOrderWindowMs: 0 });
    ingester = new BatchIngester(test.store);
  });
  afterEach(() => test.close());

  const batch = (timeMs: number, series: Labels[], extra: Partial<Batch> = {}): Batch => ({
    source: 'host',
    receivedMs: timeMs,
    series,
    timestamps: new Float64Array(series.length).fill(timeMs),
    values: Float64Array.from(series, (_, i) => i),
    durationMs: 1,
    complete: true,
    ...extra,
  });
  /** Times of a series' samples, a stale marker's negative. */
  const times = (name: string): number[] =>
    [...test.store.select([createMatcher('__name__', '=', name)], -Infinity, Infinity)].flatMap(
      ({ timestamps, values, from, to }) =>
        Array.from({ length: to - from }, (_, i) => timestamps[from + i] * (isStale(values, from + i) ? -1 : 1)),
    );

  it('stores what a source yields', () => {
    expect(ingester.ingest(batch(1000, [cpu, mem]))).toMatchObject({ source: 'host', appended: 2, ended: 0 });
    expect(times('mem')).toEqual([1000]);
  });

  it('ends series that a complete batch no longer has, once, and lets them begin again', () => {
    ingester.ingest(batch(1000, [cpu, mem]));
    expect(ingester.ingest(batch(2000, [cpu]))).toMatchObject({ appended: 2, ended: 1 });
    ingester.ingest(batch(3000, [cpu]));
    ingester.ingest(batch(4000, [cpu, mem]));
    expect(times('mem')).toEqual([1000, -2000, 4000]);
    expect(times('cpu')).toEqual([1000, 2000, 3000, 4000]);
  });

  it('ends everything of a source that has nothing left', () => {
    ingester.ingest(batch(1000, [cpu, mem]));
    ingester.ingest(batch(2000, [], { receivedMs: 2001 }));
    expect(times('cpu')).toEqual([1000, -2001]);
  });

  it('ends nothing for a batch that is not the whole, nor for another source', () => {
    ingester.ingest(batch(1000, [cpu, mem]));
    ingester.ingest(batch(2000, [cpu], { complete: false }));
    ingester.ingest(batch(3000, [labels('up')], { source: 'other' }));
    expect(times('mem')).toEqual([1000]);
  });

  it('makes a series anew that was deleted under way', () => {
    ingester.ingest(batch(1000, [cpu]));
    test.store.deleteSeries([[createMatcher('__name__', '=', 'cpu')]], -Infinity, Infinity);
    ingester.ingest(batch(2000, [cpu]));
    expect(times('cpu')).toEqual([2000]);
  });

  it.each<[string, Labels]>([
    ['has no metric name', Labels.from({ job: 'x' })],
    ['has half a surrogate pair for a value', Labels.from({ __name__: 'x', job: '\ud800' })],
    ['has a label without a name', Labels.fromSorted(['', '__name__'], ['a', 'x'])],
    ['has an endless value', labels('x', { text: 'x'.repeat(65_537) })],
    ['has too many labels', labels('x', Object.fromEntries(Array.from({ length: 256 }, (_, i) => [`l${i}`, 'v'])))],
  ])('refuses a series that %s, and stores the others', (_, bad) => {
    const outcome = ingester.ingest(batch(1000, [bad, cpu]));
    expect([...outcome.refused]).toEqual([['invalid_labels', 1]]);
    expect(times('cpu')).toEqual([1000]);
  });

  it('takes names and values in any script', () => {
    const odd = labels('żółw.speed/сек', { 'node name': 'snow ☃ 🐢' });
    expect(ingester.ingest(batch(1000, [odd])).appended).toBe(1);
    expect(times('żółw.speed/сек')).toEqual([1000]);
  });

  it('counts what the store refuses', () => {
    ingester.ingest(batch(2000, [cpu]));
    expect([...ingester.ingest(batch(1000, [cpu])).refused]).toEqual([['out_of_order', 1]]);
  });
});
