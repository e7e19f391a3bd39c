import { SelfMetrics } from './self-metrics.js';

describe('SelfMetrics', () => {
  it('prints what was registered in the text format', async () => {
    const metrics = new SelfMetrics();
    metrics
      .counter({ name: 'opsroom_frames_total', help: 'Frames sent.', labelNames: ['kind'] })
      .inc({ kind: 'delta' }, 3);
    metrics.gauge({ name: 'opsroom_topics', help: 'Topics alive.', collect: (gauge) => gauge.set(7) });
    metrics.histogram({ name: 'opsroom_tick_seconds', help: 'A tick.', buckets: [0.1, 1] }).observe(0.5);
    const text = await metrics.text();
    expect(text).toContain('# TYPE opsroom_frames_total counter\nopsroom_frames_total{kind="delta"} 3\n');
    expect(text).toContain('opsroom_topics 7\n');
    expect(text).toContain('opsroom_tick_seconds_bucket{le="0.1"} 0\nopsroom_tick_seconds_bucket{le="1"} 1\n');
  });

  it('gives the same metric to everybody who asks for its name', () => {
    const metrics = new SelfMetrics();
    const description = { name: 'opsroom_logins_total', help: 'Logins.' };
    expect(metrics.counter(description)).toBe(metrics.counter(description));
    expect(() => metrics.gauge(description)).toThrow('already registered as another kind');
  });

  it('refuses names outside its own namespace', () => {
    expect(() => new SelfMetrics().counter({ name: 'http_requests_total', help: '' })).toThrow(
      'must be named opsroom_',
    );
  });

  it('keeps two applications apart', async () => {
    new SelfMetrics().counter({ name: 'opsroom_a_total', help: 'A.' });
    expect(await new SelfMetrics().text()).not.toContain('opsroom_a_total');
  });
});
