import { createMatcher, type CounterResetHint, type FloatHistogram } from '@opsroom/promql';
import fc from 'fast-check';
import { labels, put, TestStore } from './test-store.fixture.js';
import { defaultTsdbOptions } from './tsdb-store.js';

type Kept = readonly [timestampMs: number, count: number, hint: CounterResetHint | undefined];

const requests = labels('requests');
const matchers = [createMatcher('__name__', '=', 'requests')];
const seal = { ...defaultTsdbOptions.seal, samples: 2, maxPieceSamples: 4, maxBlockSamples: 8, maxSegments: 1 };

const histogram = (count: number, counterResetHint: CounterResetHint = 'unknown'): FloatHistogram => ({
  schema: 0,
  zeroThreshold: 0.001,
  zeroCount: 0,
  count,
  sum: count,
  positiveSpans: [{ offset: 0, length: 1 }],
  negativeSpans: [],
  positiveBuckets: [count],
  negativeBuckets: [],
  counterResetHint,
});

describe('the counter reset hints of native histograms', () => {
  let test: TestStore;
  beforeEach(() => {
    test = new TestStore({ segmentBytes: 100, seal });
  });
  afterEach(async () => {
    await test.close();
  });

  /** Samples as [time, count]; a hint where the sender gives one. */
  const append = (samples: readonly (readonly [number, number, CounterResetHint?])[]): number => {
    const { store } = test;
    const ref = store.resolve(requests, 'test');
    return store.append({
      source: 'test',
      receivedMs: 0,
      refs: new Uint32Array(samples.length).fill(ref),
      timestamps: Float64Array.from(samples, ([timestampMs]) => timestampMs),
      values: new Float64Array(samples.length),
      histograms: samples.map(([, count, hint]) => histogram(count, hint)),
      count: samples.length,
    }).appended;
  };
  const kept = (startMs = -Infinity): Kept[] =>
    [...test.store.select(matchers, startMs, Infinity)].flatMap(({ timestamps, values, histograms, from, to }) =>
      Array.from({ length: to - from }, (_, i): Kept => {
        const one = histograms?.[from + i];
        return [timestamps[from + i], one?.count ?? values[from + i], one?.counterResetHint];
      }),
    );
  const hints = (): (CounterResetHint | undefined)[] => kept().map(([, , hint]) => hint);
  const remove = (startMs: number, endMs: number): void => {
    test.store.deleteSeries([matchers], startMs, endMs);
  };

  it('say of each sample how it goes on from the one before, within one append and over several', () => {
    append([[1, 5], [2, 7]]); // prettier-ignore
    append([[3, 3]]);
    append([[4, 3]]);
    expect(hints()).toEqual(['unknown', 'not_reset', 'reset', 'not_reset']);
  });

  it('are not taken from the sender, save gauges and explicit resets', () => {
    append([[1, 5, 'not_reset'], [2, 3, 'not_reset'], [3, 4, 'reset'], [4, 2, 'gauge'], [5, 9]]); // prettier-ignore
    expect(hints()).toEqual(['unknown', 'reset', 'reset', 'gauge', 'unknown']);
  });

  it('are unknown after a float', () => {
    append([[1, 5]]);
    put(test.store, requests, [[2, 1]]);
    append([[3, 6]]);
    expect(hints()).toEqual(['unknown', undefined, 'unknown']);
  });

  it('are unknown for a late sample and for the one after it', () => {
    append([[1, 5], [3, 6], [4, 7]]); // prettier-ignore
    append([[2, 9, 'not_reset']]);
    expect(hints()).toEqual(['unknown', 'unknown', 'unknown', 'not_reset']);
  });

  it('leave gauges gauges, late or not', () => {
    append([[1, 5, 'gauge'], [3, 6, 'gauge']]); // prettier-ignore
    append([[2, 9, 'gauge']]);
    expect(hints()).toEqual(['gauge', 'gauge', 'gauge']);
  });

  it('are unknown for the sample after deleted ones, in memory and in blocks', () => {
    append([[1, 5], [2, 1], [3, 2], [4, 3]]); // prettier-ignore
    test.sealAll();
    append([[5, 4], [6, 0], [7, 3]]); // prettier-ignore
    remove(2, 2);
    remove(6, 6);
    expect(kept()).toEqual([
      [1, 5, 'unknown'],
      [3, 2, 'unknown'],
      [4, 3, 'not_reset'],
      [5, 4, 'not_reset'],
      [7, 3, 'unknown'],
    ]);
  });

  it('stay through a restart and in blocks', async () => {
    append([[1, 5], [2, 7], [3, 3], [4, 4]]); // prettier-ignore
    const expected = hints();
    await test.reopen();
    expect(hints()).toEqual(expected);
    test.sealAll();
    await test.reopen();
    expect(hints()).toEqual(expected);
  });

  it('do not make the very same sample another one', () => {
    append([[1, 5], [2, 7]]); // prettier-ignore
    expect(append([[2, 7]])).toBe(0);
    expect(test.store.stats().sameAgain).toBe(1);
  });

  it('never claim what the sample before contradicts, after any course of changes', async () => {
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.array(fc.tuple(fc.nat(40), fc.nat(4)), { minLength: 1, maxLength: 6 }) },
      { weight: 1, arbitrary: fc.record({ startMs: fc.nat(40), length: fc.nat(5) }) },
      { weight: 3, arbitrary: fc.constantFrom('seal', 'tidy', 'kill') },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.constantFrom(0, 10, 1000), async (steps, headMs) => {
        await test.close();
        test = new TestStore({ segmentBytes: 100, seal: { ...seal, headMs } });
        for (const one of steps) {
          if (Array.isArray(one)) append(one);
          else if (typeof one === 'object') remove(one.startMs, one.startMs + one.length);
          else if (one === 'seal') test.sealAll();
          else if (one === 'tidy') await test.store.tidy();
          else await test.reopen();
          for (const startMs of [-Infinity, 7, 20]) {
            const samples = kept(startMs);
            samples.forEach(([, count, hint], i) => {
              if (i === 0 || hint === 'unknown') return;
              expect(hint).toBe(count < samples[i - 1][1] ? 'reset' : 'not_reset');
            });
          }
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
