import type { Batch } from '../../model/batch.js';
import { ManualClock } from '../../model/manual-clock.fixture.js';
import { hostBatches } from './host-source.js';

const START_MS = 1_700_000_000_000;

function batchesOver(ms: number): Batch[] {
  const clock = new ManualClock(START_MS - 400);
  const batches: Batch[] = [];
  const subscription = hostBatches(clock, { intervalMs: 1000, instance: 'web-1' }).subscribe((b) => batches.push(b));
  clock.advance(ms);
  subscription.unsubscribe();
  return batches;
}

describe('the host source', () => {
  it('yields a complete batch at each whole second, with that time on every sample', () => {
    const batches = batchesOver(2500);
    expect(batches.map((batch) => batch.timestamps[0])).toEqual([START_MS, START_MS + 1000, START_MS + 2000]);
    expect(batches.every((batch) => batch.complete)).toBe(true);
    expect(new Set(batches[0].timestamps)).toEqual(new Set([START_MS]));
  });

  it('hands out the same labels instance for the same series', () => {
    const [first, second] = batchesOver(1500);
    const load = (batch: Batch) => batch.series.find((labels) => labels.metricName === 'node_load1');
    expect(load(first)).toBeDefined();
    expect(load(second)).toBe(load(first));
    expect(load(first)?.toObject()).toEqual({ __name__: 'node_load1', instance: 'web-1', job: 'node' });
  });

  it('has no series twice', () => {
    const keys = batchesOver(500)[0].series.map((labels) => labels.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('reports itself as Prometheus reports a scrape', () => {
    const [batch] = batchesOver(500);
    const value = (name: string) => batch.values[batch.series.findIndex((labels) => labels.metricName === name)];
    expect(value('up')).toBe(1);
    expect(value('scrape_samples_scraped')).toBe(batch.values.length - 3);
  });

  it('describes each metric once', () => {
    const [first, second] = batchesOver(1500);
    expect(first.metadata?.get('node_cpu_seconds_total')).toMatchObject({ type: 'counter', unit: 'seconds' });
    expect(second.metadata?.has('node_cpu_seconds_total')).toBe(false);
  });
});
