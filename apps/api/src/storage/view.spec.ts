import { createMatcher, SampleView } from '@opsroom/promql';
import { labels, put, read, TestStore, type TestSample } from './test-store.fixture.js';

const byName = [createMatcher('__name__', '=', 'cpu')];
const row = (count: number, startMs: number): TestSample[] =>
  Array.from({ length: count }, (_, i) => [startMs + i * 1000, i]);

const sealAtOnce = {
  samples: 120,
  maxPieceSamples: 240,
  maxBlockSamples: 30_000,
  maxAgeMs: 7_200_000,
  maxSegments: 4,
  headMs: 0,
  maxHeadSamples: 12_000_000,
};

describe('the view of one series', () => {
  let test: TestStore;
  afterEach(() => test.close());

  /** What the view holds from a time on, which is what it promises. */
  function seen(startMs: number): [number, number][] {
    const view = new SampleView();
    if (!test.store.view(1, startMs, view)) return [];
    const samples: [number, number][] = [];
    for (let i = view.from; i < view.to; i++) {
      if (view.timestamps[i] >= startMs) samples.push([view.timestamps[i], view.values[i]]);
    }
    return samples;
  }

  function selected(startMs: number): [number, number][] {
    return [...test.store.select(byName, startMs, Infinity)].flatMap(read);
  }

  const starts = [-Infinity, 0, 60_000, 239_000, 239_001, 250_000, 300_000, 1e12];

  it.each<[string, () => void]>([
    ['in memory', () => put(test.store, labels('cpu'), row(240, 0))],
    [
      'in a block alone',
      () => {
        put(test.store, labels('cpu'), row(240, 0));
        test.sealAll();
      },
    ],
    [
      'in a block and in memory',
      () => {
        put(test.store, labels('cpu'), row(240, 0));
        test.sealAll();
        put(test.store, labels('cpu'), row(60, 240_000));
      },
    ],
    [
      'late, between those of a block',
      () => {
        put(test.store, labels('cpu'), row(240, 0));
        test.sealAll();
        put(test.store, labels('cpu'), [[250_000, 7]]);
        put(test.store, labels('cpu'), [[60_500, 8]]);
      },
    ],
  ])('holds what a selection gives when its samples are %s', (_where, fill) => {
    test = new TestStore({ seal: sealAtOnce });
    fill();
    expect([...test.store.refs(byName)]).toEqual([1]);
    for (const startMs of starts) expect([startMs, seen(startMs)]).toEqual([startMs, selected(startMs)]);
  });

  it('is refused for a series that is not there', () => {
    test = new TestStore();
    expect(test.store.view(7, 0, new SampleView())).toBe(false);
  });
});
