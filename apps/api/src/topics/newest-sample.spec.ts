import { createMatcher } from '@opsroom/promql';
import { labels, put, TestStore } from '../storage/test-store.fixture.js';
import { newestSample } from './newest-sample.js';
import type { Reach } from './reach.js';

const MINUTE_MS = 60_000;

describe('newestSample', () => {
  let samples: TestStore;
  beforeEach(() => (samples = new TestStore()));
  afterEach(() => samples.close());

  const reach: Reach = {
    selectors: ['x', 'y'].map((name) => [createMatcher('__name__', '=', name)]),
    leastMs: 0,
    mostMs: 5 * MINUTE_MS,
    pinned: [],
    time: 'lookback',
    moving: false,
  };
  const newest = (): number =>
    newestSample(samples.store, reach, 60 * MINUTE_MS, samples.clock.nowMs()) - samples.clock.nowMs();

  it.each([
    ['of the selectors what is newest', [-2_000, -1_000], -1_000],
    ['of what has vanished when it was last seen', [-20 * MINUTE_MS, -30 * MINUTE_MS], -20 * MINUTE_MS],
    ['of what still comes, whatever has vanished', [-20 * MINUTE_MS, -MINUTE_MS], -MINUTE_MS],
  ])('tells %s', (_, [x, y], expected) => {
    const nowMs = samples.clock.nowMs();
    put(samples.store, labels('x'), [[nowMs + x, 1]]);
    put(samples.store, labels('y'), [[nowMs + y, 1]]);
    expect(newest()).toBe(expected);
  });

  it('is 0 for what is not shown', () => {
    put(samples.store, labels('x'), [[samples.clock.nowMs() - 90 * MINUTE_MS, 1]]);
    expect(newest()).toBe(-samples.clock.nowMs());
  });
});
