import { TopicBuffer } from '@opsroom/contracts';
import { createMatcher } from '@opsroom/promql';
import { labels, put, TestStore } from '../storage/test-store.fixture.js';
import { TopicsBench } from './topics.fixture.js';
import type { TopicEvent } from './topic-frames.js';

const WINDOW_MS = 60_000;
const byName = (name: string) => [[createMatcher('__name__', '=', name)]];

describe('a topic whose samples are deleted', () => {
  let samples: TestStore;
  let bench: TopicsBench;
  beforeEach(() => {
    samples = new TestStore();
    bench = new TopicsBench(samples);
  });
  afterEach(async () => {
    bench.close();
    await samples.close();
  });

  /** How many columns have a value, by what a watcher holds. */
  const shown = (buffer: TopicBuffer): number =>
    buffer.columns.reduce(
      (count, column) => count + column.subarray(buffer.from, buffer.to).filter((value) => !Number.isNaN(value)).length,
      0,
    );
  const watch = async (expr: string): Promise<{ buffer: TopicBuffer; events: TopicEvent['kind'][] }> => {
    const topic = await bench.open(expr, 1_000, WINDOW_MS);
    const buffer = new TopicBuffer(WINDOW_MS);
    buffer.apply(topic.snapshot());
    const events: TopicEvent['kind'][] = [];
    topic.events$.subscribe((event) => {
      events.push(event.kind);
      buffer.apply(event.kind === 'delta' ? event.delta : topic.snapshot());
    });
    return { buffer, events };
  };

  it.each(['x', 'sum(x)', 'max_over_time(x[5s])', 'x or x * 2'])('no longer shows them: %s', async (expr) => {
    put(samples.store, labels('x'), [[samples.clock.nowMs() - 30_000, 1]]);
    const { buffer } = await watch(expr);
    put(samples.store, labels('x'), [[samples.clock.nowMs(), 2]]);
    await bench.advance(200);
    expect(shown(buffer)).toBeGreaterThan(0);
    samples.store.deleteSeries(byName('x'), -Infinity, Infinity);
    await bench.advance(1_200);
    expect(shown(buffer)).toBe(0);
    put(samples.store, labels('x'), [[samples.clock.nowMs(), 3]]);
    await bench.advance(200);
    expect(shown(buffer)).toBeGreaterThan(0);
  });

  it('keeps what lies outside of the deleted range', async () => {
    put(samples.store, labels('x'), [[samples.clock.nowMs() - 30_000, 1]]);
    const { buffer } = await watch('x');
    put(samples.store, labels('x'), [[samples.clock.nowMs(), 2]]);
    await bench.advance(200);
    samples.store.deleteSeries(byName('x'), samples.clock.nowMs() - 1_000, Infinity);
    await bench.advance(200);
    expect(buffer.columns[0][buffer.to - 1]).toBe(1);
  });

  it('is left alone when others lose theirs', async () => {
    put(samples.store, labels('x'), [[samples.clock.nowMs(), 1]]);
    put(samples.store, labels('y'), [[samples.clock.nowMs(), 1]]);
    const { buffer, events } = await watch('x');
    const before = shown(buffer);
    samples.store.deleteSeries(byName('y'), -Infinity, Infinity);
    await bench.advance(200);
    expect(events).toEqual([]);
    expect(shown(buffer)).toBe(before);
  });
});
