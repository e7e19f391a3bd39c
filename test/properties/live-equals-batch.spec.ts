import { jest } from '@jest/globals';
import { isAbsent, TopicBuffer, toWire } from '@opsroom/contracts';
import { createMatcher, createPlan, defaultQueryOptions, evaluateRange, Labels, parseExpr } from '@opsroom/promql';
import fc from 'fast-check';
import { put, STALE, TestStore } from '../../apps/api/src/storage/test-store.fixture.js';
import { TopicsBench } from '../../apps/api/src/topics/topics.fixture.js';

const LOOKBACK_MS = 12_000;
const WINDOW_MS = 60_000;

const EXPRESSIONS = [
  'x',
  'sum by (a) (x)',
  'rate(x[10s])',
  'x offset 3s',
  'x offset -2s',
  'x + on (a, b) y',
  'max_over_time(x[7s])',
  'count(x) > 1',
  'time() - x',
  'absent(x)',
  'sum_over_time(x[4s:1s])',
  'avg_over_time(rate(x[5s])[6s:2s])',
  'x or vector(7)',
  'topk(1, x)',
  'scalar(sum(y)) * 2',
  'x - x @ 1700000010',
  '{__name__=~"x|y", a="1"} > 5',
];

const SERIES = [
  { __name__: 'x', a: '1', b: '1' },
  { __name__: 'x', a: '1', b: '2' },
  { __name__: 'x', a: '2', b: '1' },
  { __name__: 'y', a: '1', b: '1' },
  { __name__: 'y', a: '2', b: '1' },
].map((labels) => Labels.from(labels));

const step = fc.record({
  /** How long nothing happens before. */
  waitMs: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 1_500 }) },
    fc.integer({ min: 5_000, max: 25_000 }),
  ),
  samples: fc.array(
    fc.record({
      series: fc.nat(SERIES.length - 1),
      ageMs: fc.oneof({ weight: 6, arbitrary: fc.constantFrom(0, 40, 300) }, fc.integer({ min: -1_500, max: 9_000 })),
      value: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 0, max: 50 }) },
        fc.constantFrom<(number | typeof STALE)[]>(STALE, NaN, 0.1, Infinity),
      ),
    }),
    { maxLength: 4 },
  ),
  /** Samples are deleted, after those of this step came: a series' from one age on, to another. */
  deletion: fc.oneof(
    { weight: 8, arbitrary: fc.constant(undefined) },
    fc.record({
      series: fc.nat(SERIES.length - 1),
      fromAgeMs: fc.constantFrom(300, 5_000, 30_000, Infinity),
      toAgeMs: fc.constantFrom(-Infinity, 0, 300, 5_000),
    }),
  ),
  /** The watcher loses its connection before it and comes back after it. */
  away: fc.boolean(),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Cells as text, so that a difference can be read. */
function cells(buffer: TopicBuffer): Map<string, string> {
  const result = new Map<string, string>();
  buffer.columns.forEach((column, series) => {
    for (let i = buffer.from; i < buffer.to; i++) {
      if (isAbsent(column, i)) continue;
      result.set(`${Labels.from(buffer.series[series]).key} @ ${buffer.times[i]}`, String(toWire(column[i])));
    }
  });
  return result;
}

function batch(
  store: TestStore['store'],
  expr: string,
  startMs: number,
  endMs: number,
  stepMs: number,
): Map<string, string> {
  const plan = createPlan(parseExpr(expr));
  const result = evaluateRange(
    plan,
    store,
    { startMs, endMs, stepMs },
    { ...defaultQueryOptions, lookbackMs: LOOKBACK_MS },
  );
  const series =
    result.type === 'scalar'
      ? [{ labels: Labels.empty, values: result.values, present: new Uint8Array(result.steps).fill(1) }]
      : result.type === 'vector'
        ? result.series
        : [];
  const cellsOf = new Map<string, string>();
  for (const { labels, values, present } of series) {
    for (let i = 0; i < result.steps; i++) {
      if (present[i]) cellsOf.set(`${labels.key} @ ${startMs + i * stepMs}`, String(toWire(values[i])));
    }
  }
  return cellsOf;
}

async function live(expr: string, stepMs: number, before: readonly Step[], after: readonly Step[]): Promise<void> {
  const samples = new TestStore();
  const bench = new TopicsBench(samples, { query: { lookbackMs: LOOKBACK_MS }, topics: { lingerMs: 600_000 } });
  const feed = async (steps: readonly Step[], each: (step: Step) => void): Promise<void> => {
    for (const one of steps) {
      await bench.advance(one.waitMs);
      for (const { series, ageMs, value } of one.samples) {
        put(samples.store, SERIES[series], [[samples.clock.nowMs() - ageMs, value]]);
      }
      if (one.deletion) {
        const { series, fromAgeMs, toAgeMs } = one.deletion;
        const matchers = SERIES[series].names.map((name) => createMatcher(name, '=', SERIES[series].get(name)));
        const nowMs = samples.clock.nowMs();
        samples.store.deleteSeries([matchers], nowMs - fromAgeMs, nowMs - toAgeMs);
      }
      each(one);
    }
  };
  try {
    await feed(before, () => undefined);
    const topic = await bench.open(expr, stepMs, WINDOW_MS);
    const unbroken = new TopicBuffer(WINDOW_MS);
    const broken = new TopicBuffer(WINDOW_MS);
    let away = false;
    unbroken.apply(topic.snapshot());
    broken.apply(topic.snapshot());
    const follow = (buffer: TopicBuffer, position = buffer.position): void => {
      const missed = position && topic.since(position);
      if (missed === 'nothing') return;
      expect(buffer.apply(missed ?? topic.snapshot())).toBe('applied');
    };
    const subscription = topic.events$.subscribe((event) => {
      for (const buffer of away ? [unbroken] : [unbroken, broken]) {
        if (event.kind === 'delta') expect(buffer.apply(event.delta)).toBe('applied');
        else follow(buffer, undefined);
      }
    });
    await feed(after, (one) => {
      if (away && !one.away) follow(broken);
      away = one.away;
    });
    await bench.advance(120);
    if (away) follow(broken);
    subscription.unsubscribe();

    expect(cells(broken)).toEqual(cells(unbroken));
    const { times, from, to, tip } = unbroken;
    const lastGrid = to - (tip ? 2 : 1);
    const expected = batch(samples.store, expr, times[from], times[lastGrid], stepMs);
    if (tip)
      for (const [key, value] of batch(samples.store, expr, times[to - 1], times[to - 1], stepMs))
        expected.set(key, value);
    expect(Object.fromEntries(cells(unbroken))).toEqual(Object.fromEntries(expected));
  } finally {
    bench.close();
    await samples.close();
  }
}

// Shrinking a counterexample takes longer than passing.
jest.setTimeout(120_000);

describe('a watcher of a live topic, broken or not, ends with what a range query gives', () => {
  it.each(EXPRESSIONS)('%s', async (expr) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(1_000, 2_500),
        fc.array(step, { maxLength: 8 }),
        fc.array(step, { minLength: 1, maxLength: 25 }),
        (stepMs, before, after) => live(expr, stepMs, before, after),
      ),
      { numRuns: 12 },
    );
  });
});
