import { firstValueFrom } from 'rxjs';
import { ManualClock } from '../../model/manual-clock.fixture.js';
import { SelfMetrics } from '../../model/self-metrics.js';
import { selfBatches } from './self-source.js';

describe('the server’s own metrics as a source', () => {
  it('carry the names, labels and values that /metrics shows, with an infinite bound as +Inf', async () => {
    const clock = new ManualClock();
    const metrics = new SelfMetrics();
    metrics.counter({ name: 'opsroom_things_total', help: 'Things.', labelNames: ['kind'] }).inc({ kind: 'x' }, 3);
    metrics.histogram({ name: 'opsroom_wait_seconds', help: 'Waits.', buckets: [0.5] }).observe(0.7);

    const next = firstValueFrom(selfBatches(clock, metrics.registry, { intervalMs: 5000, instance: 'here:3000' }));
    clock.advance(5000);
    const batch = await next;

    const samples = batch.series.map((labels, i) => [labels.toObject(), batch.values[i]]);
    const base = { instance: 'here:3000', job: 'opsroom' };
    expect(samples).toContainEqual([{ ...base, __name__: 'opsroom_things_total', kind: 'x' }, 3]);
    expect(samples).toContainEqual([{ ...base, __name__: 'opsroom_wait_seconds_bucket', le: '0.5' }, 0]);
    expect(samples).toContainEqual([{ ...base, __name__: 'opsroom_wait_seconds_bucket', le: '+Inf' }, 1]);
    expect(batch.metadata?.get('opsroom_things_total')).toEqual({ type: 'counter', help: 'Things.', unit: '' });
  });
});
