import { createMatcher, type FloatHistogram, isStale, type Matcher } from '@opsroom/promql';
import { labels, put, read, STALE, TestStore, type TestSample } from './test-store.fixture.js';
import type { Commit } from '../model/commit.js';

const cpu = labels('cpu', { core: '0' });
const byName = (name: string): Matcher[] => [createMatcher('__name__', '=', name)];
const all: Matcher[] = [createMatcher('__name__', '=~', '.+')];
const row = (count: number, startMs = 0, stepMs = 1000): TestSample[] =>
  Array.from({ length: count }, (_, i) => [startMs + i * stepMs, i]);

describe('the store', () => {
  let test: TestStore;
  const start = (options = {}): void => {
    test = new TestStore(options);
  };
  const samples = (name = 'cpu', startMs = -Infinity, endMs = Infinity): [number, number][][] =>
    [...test.store.select(byName(name), startMs, endMs)].map(read);
  afterEach(async () => {
    await test.close();
  });

  describe('as it appends', () => {
    it('keeps samples at any time of history, 1970 and before it too', () => {
      start();
      put(test.store, cpu, [
        [-5000, 1],
        [0, 2],
        [5000, 3],
      ]);
      expect(samples()).toEqual([
        [
          [-5000, 1],
          [0, 2],
          [5000, 3],
        ],
      ]);
      expect(samples('cpu', -4999, 4999)).toEqual([[[0, 2]]]);
    });

    it('gives the same reference for the same labels and a new one for others', () => {
      start();
      const ref = test.store.resolve(cpu, 'test');
      expect(test.store.resolve(labels('cpu', { core: '0' }), 'other')).toBe(ref);
      expect(test.store.resolve(labels('cpu', { core: '1' }), 'test')).not.toBe(ref);
      expect(test.store.labelsOf(ref)?.toObject()).toEqual({ __name__: 'cpu', core: '0' });
    });

    it('refuses new series of a source that has as many as it may', () => {
      start({ maxSeriesPerSource: 1 });
      const ref = test.store.resolve(cpu, 'test');
      expect(test.store.resolve(labels('mem'), 'test')).toBe(-1);
      expect(test.store.resolve(cpu, 'test')).toBe(ref);
      expect(test.store.resolve(labels('mem'), 'another source')).toBeGreaterThan(ref);
    });

    it('counts the series of the last hour alone, however many others it knows', async () => {
      start({ maxSeriesPerSource: 1, seal: { ...sealSoon, samples: 1, headMs: 0 } });
      const nowMs = test.clock.nowMs();
      put(test.store, cpu, [[nowMs, 1]]);
      test.sealAll();
      put(test.store, labels('clock'), [[nowMs + 3_600_001, 1]], 'another source');
      test.sealAll();
      await test.store.tidy();
      expect(test.store.resolve(labels('mem'), 'test')).toBe(-1);
      test.clock.advance(3_600_001);
      await test.store.tidy();
      put(test.store, labels('mem'), [[nowMs + 3_600_001, 1]]);
      expect(samples('mem')).toEqual([[[nowMs + 3_600_001, 1]]]);
      expect(test.store.resolve(labels('disk'), 'test')).toBe(-1);
      await test.reopen();
      expect(test.store.resolve(labels('disk'), 'test')).toBe(-1);
      expect(samples()).toEqual([[[nowMs, 1]]]);
    });

    it.each<[string, number, TestSample, string]>([
      ['an older sample without a window', 0, [9000, 1], 'out_of_order'],
      ['a sample older than the window', 5000, [4999, 1], 'too_old'],
      ['another value at the newest time', 0, [10_000, 2], 'duplicate'],
      ['another value at an older time', 5000, [6000, 2], 'duplicate'],
      ['a sample from too far ahead', 0, [1_700_000_600_001, 1], 'too_far_in_future'],
    ])('refuses %s', (_, outOfOrderWindowMs, sample, reason) => {
      start({ outOfOrderWindowMs, futureToleranceMs: 600_000 });
      put(test.store, cpu, [
        [6000, 1],
        [10_000, 1],
      ]);
      const result = put(test.store, cpu, [sample]);
      expect(result.appended).toBe(0);
      expect([...result.refused]).toEqual([[reason, 1]]);
      expect(result.firstRefused.get(reason as 'duplicate')).toEqual({ ref: 1, timestampMs: sample[0] });
      expect(samples()).toEqual([
        [
          [6000, 1],
          [10_000, 1],
        ],
      ]);
      expect(test.store.stats().refused.get(reason as 'duplicate')).toBe(1);
    });

    it('refuses samples that retention would drop at once', () => {
      start({ retentionMs: 60_000 });
      const nowMs = test.clock.nowMs();
      expect([
        ...put(test.store, cpu, [
          [nowMs - 60_001, 1],
          [nowMs - 60_000, 2],
        ]).refused,
      ]).toEqual([['too_old', 1]]);
    });

    it('ignores and counts the very same sample, wherever it is kept', () => {
      start();
      put(test.store, cpu, row(130));
      test.sealAll();
      expect(
        put(test.store, cpu, [
          [129_000, 129],
          [5000, 5],
        ]),
      ).toMatchObject({ appended: 0, sameAgain: 2 });
      expect(put(test.store, cpu, [[5000, 6]]).refused.get('duplicate')).toBe(1);
      expect(test.store.stats().sameAgain).toBe(2);
    });

    it('tells a stale marker from a plain NaN at the same time', () => {
      start();
      put(test.store, cpu, [
        [1000, STALE],
        [2000, NaN],
      ]);
      expect(
        put(test.store, cpu, [
          [1000, STALE],
          [2000, NaN],
        ]).sameAgain,
      ).toBe(2);
      expect(
        put(test.store, cpu, [
          [1000, NaN],
          [2000, STALE],
        ]).refused.get('duplicate'),
      ).toBe(2);
    });

    it('sorts late samples in, whatever order they come in', () => {
      start();
      put(test.store, cpu, [
        [5000, 5],
        [1000, 1],
        [3000, 3],
        [2000, 2],
        [4000, 4],
      ]);
      expect(samples()).toEqual([
        [
          [1000, 1],
          [2000, 2],
          [3000, 3],
          [4000, 4],
          [5000, 5],
        ],
      ]);
    });

    it('says what got in, at once and in order, with the series that are new', () => {
      start({ outOfOrderWindowMs: 0 });
      const seen: Partial<Commit>[] = [];
      const subscription = test.store.commits$.subscribe((commit) => {
        const { source, count, created, outOfOrder, minMs, maxMs } = commit;
        seen.push({ source, count, created, outOfOrder, minMs, maxMs });
      });
      put(test.store, cpu, [
        [1000, 1],
        [2000, 2],
      ]);
      put(test.store, cpu, [
        [1500, 1],
        [3000, 3],
      ]);
      expect(seen).toEqual([
        { source: 'test', count: 2, created: [1], outOfOrder: false, minMs: 1000, maxMs: 2000 },
        { source: 'test', count: 1, created: [], outOfOrder: false, minMs: 3000, maxMs: 3000 },
      ]);
      subscription.unsubscribe();
    });
  });

  describe('as it seals', () => {
    it('hands out samples of blocks and head as one', () => {
      start({ seal: { ...sealSoon, headMs: 0 } });
      put(test.store, cpu, row(300));
      test.sealAll();
      put(test.store, cpu, row(50, 300_000));
      expect(test.store.stats()).toMatchObject({ blocks: 1, samplesInHead: 110 });
      const [read] = samples();
      expect(read.map(([t]) => t)).toEqual(row(350).map(([t]) => t));
      expect(samples('cpu', 238_500, 301_500)[0].map(([t]) => t)).toEqual(row(63, 239_000).map(([t]) => t));
    });

    it('does not copy what memory holds', () => {
      start();
      put(test.store, cpu, row(300));
      const [first] = test.store.select(byName('cpu'), 0, 100_000);
      const [second] = test.store.select(byName('cpu'), 50_000, 200_000);
      expect(second.timestamps).toBe(first.timestamps);
      expect(second.from).toBe(50);
    });

    it('merges samples that come later than the block of their time', () => {
      start({ seal: { ...sealSoon, headMs: 0 } });
      put(test.store, cpu, row(240, 0, 2000));
      test.sealAll();
      put(test.store, cpu, [
        [1001, -1],
        [3003, -3],
        [600_000, 600],
      ]);
      const times = samples()[0].map(([t]) => t);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times).toHaveLength(243);
      expect(
        put(test.store, cpu, [
          [1001, -1],
          [2000, 1],
          [2000, 9],
        ]),
      ).toMatchObject({ appended: 0, sameAgain: 2 });
    });

    it('seals late samples too', () => {
      start({ seal: { ...sealSoon, headMs: 0 } });
      put(test.store, cpu, row(240, 0, 2000));
      test.sealAll();
      put(test.store, cpu, row(200, 1, 2000).reverse());
      test.sealAll();
      expect(samples()[0]).toHaveLength(440);
      expect(test.store.stats().samplesInHead).toBe(1);
    });

    it('finds late samples that were sealed while their neighbours are in memory still', () => {
      start();
      put(test.store, cpu, row(120, 0, 2000));
      test.sealAll();
      put(test.store, cpu, row(119, 1000, 2000));
      put(test.store, cpu, [[238_500, 7]]);
      test.sealAll();
      put(test.store, cpu, [[236_500, 8]]);
      test.sealAll();
      expect(samples()[0]).toHaveLength(241);
    });

    it('keeps stale markers through a block', () => {
      start({ seal: { ...sealSoon, headMs: 0 } });
      put(test.store, cpu, [...row(150), [150_000, STALE], [151_000, 1]]);
      test.sealAll();
      const [series] = test.store.select(byName('cpu'), -Infinity, Infinity);
      const stale = Array.from({ length: 152 }, (_, i) => isStale(series.values, series.from + i));
      expect(stale.indexOf(true)).toBe(150);
      expect(stale.lastIndexOf(true)).toBe(150);
    });

    it('keeps less of the past in memory when much comes, without giving all of it up at once', () => {
      start({ seal: { ...sealSoon, maxHeadSamples: 3000 } });
      const held: number[] = [];
      for (let i = 0; i < 60; i++) {
        put(test.store, cpu, row(100, i * 100_000));
        test.sealAll();
        held.push(test.store.stats().samplesInHead);
      }
      expect(Math.max(...held)).toBeLessThan(1500);
      expect(Math.min(...held.slice(20))).toBeGreaterThan(500);
      expect(samples()[0]).toHaveLength(6000);
    });

    it('bounds the samples in memory even when nobody seals in between', () => {
      start({ seal: { ...sealSoon, maxHeadSamples: 1000 } });
      for (let i = 0; i < 100; i++) put(test.store, cpu, row(100, i * 100_000));
      expect(test.store.stats().samplesInHead).toBeLessThan(1500);
      expect(samples()[0]).toHaveLength(10_000);
    });
  });

  describe('after a kill', () => {
    it('has every sample that was written, sealed or not, late or not', async () => {
      start({ seal: { ...sealSoon, headMs: 0 } });
      put(test.store, cpu, row(300));
      put(test.store, labels('mem'), [
        [1000, 1],
        [3000, STALE],
        [2000, 2],
      ]);
      test.sealAll();
      put(test.store, cpu, [
        [500, -1],
        [400_000, 1],
        [350_500, 2],
      ]);
      const before = { cpu: samples(), mem: samples('mem') };
      await test.reopen();
      expect({ cpu: samples(), mem: samples('mem') }).toEqual(before);
      await test.reopen();
      expect({ cpu: samples(), mem: samples('mem') }).toEqual(before);
      test.sealAll();
      expect({ cpu: samples(), mem: samples('mem') }).toEqual(before);
    });

    it('still knows each series by its reference and refuses what it refused before', async () => {
      start({ outOfOrderWindowMs: 0, seal: { ...sealSoon, headMs: 0, maxSegments: 1 } });
      const ref = test.store.resolve(cpu, 'test');
      put(test.store, cpu, row(240));
      test.sealAll();
      await test.store.tidy();
      test.clock.advance(31 * 60_000);
      await test.store.tidy();
      await test.reopen();
      expect(test.store.recovered.samples).toBe(0);
      expect(test.store.resolve(cpu, 'test')).toBe(ref);
      expect(put(test.store, cpu, [[1000, 5]]).refused.get('out_of_order')).toBe(1);
      expect(put(test.store, cpu, [[239_000, 239]]).sameAgain).toBe(1);
      expect(put(test.store, cpu, [[240_000, 1]]).appended).toBe(1);
      expect(samples()[0]).toHaveLength(241);
    });

    it('keeps metadata that the upkeep has stored', async () => {
      start();
      const metadata = new Map([['cpu', { type: 'counter', help: 'Seconds.', unit: 'seconds' } as const]]);
      const empty = { refs: new Uint32Array(), timestamps: new Float64Array(), values: new Float64Array(), count: 0 };
      test.store.append({ source: 'test', receivedMs: 0, ...empty, metadata });
      await test.store.tidy();
      await test.reopen();
      expect(test.store.metadata()).toEqual(metadata);
    });
  });

  describe('as it deletes', () => {
    it('forgets a series whole, so that it can begin anew at any time', async () => {
      start({ outOfOrderWindowMs: 0, seal: { ...sealSoon, headMs: 0 } });
      put(test.store, cpu, row(300));
      put(test.store, labels('mem'), [[1000, 1]]);
      test.sealAll();
      const ref = test.store.resolve(cpu, 'test');
      expect(test.store.deleteSeries([byName('cpu')], -Infinity, Infinity)).toBe(1);
      expect(samples()).toEqual([]);
      expect(test.store.labelsOf(ref)).toBeUndefined();
      expect(test.store.seriesLabels([], -Infinity, Infinity).map((l) => l.metricName)).toEqual(['mem']);
      expect(put(test.store, cpu, [[1000, 7]]).appended).toBe(1);
      expect(test.store.resolve(cpu, 'test')).not.toBe(ref);
      expect(samples()).toEqual([[[1000, 7]]]);
      await test.reopen();
      expect(samples()).toEqual([[[1000, 7]]]);
    });

    it('forgets a stretch on disk and in memory, and takes new samples there', async () => {
      start({ seal: { ...sealSoon, headMs: 0 } });
      put(test.store, cpu, row(300));
      test.sealAll();
      put(test.store, cpu, row(50, 300_000));
      test.store.deleteSeries([byName('cpu')], 100_000, 320_000);
      const left = [...row(100), ...row(350).slice(321)].map(([t]) => t);
      expect(samples()[0].map(([t]) => t)).toEqual(left);
      await test.reopen();
      expect(samples()[0].map(([t]) => t)).toEqual(left);
      expect(put(test.store, cpu, [[200_000, -1]]).appended).toBe(1);
      expect(samples('cpu', 150_000, 250_000)).toEqual([[[200_000, -1]]]);
      test.sealAll();
      expect(samples('cpu', 150_000, 250_000)).toEqual([[[200_000, -1]]]);
    });

    it('never gives a reference again, not even after a kill', async () => {
      start();
      const ref = test.store.resolve(cpu, 'test');
      put(test.store, cpu, [[1000, 1]]);
      test.store.deleteSeries([all], -Infinity, Infinity);
      await test.reopen();
      expect(test.store.resolve(cpu, 'test')).toBeGreaterThan(ref);
    });
  });

  describe('as it ages', () => {
    it('drops blocks past the retention and the series that had nothing else', async () => {
      start({ retentionMs: 3_600_000, seal: { ...sealSoon, headMs: 0 } });
      const nowMs = test.clock.nowMs();
      put(test.store, labels('old'), row(240, nowMs - 3_500_000, 1000));
      test.sealAll();
      put(test.store, cpu, row(240, nowMs - 240_000, 1000));
      test.sealAll();
      test.clock.advance(600_000);
      test.sealAll();
      await test.store.tidy();
      await test.store.tidy();
      expect(samples('old')).toEqual([]);
      expect(test.store.seriesLabels([], -Infinity, Infinity).map((l) => l.metricName)).toEqual(['cpu']);
      expect(samples('cpu')[0]).toHaveLength(240);
    });

    it('drops the oldest blocks while there are more bytes than allowed', async () => {
      start({ retentionBytes: 80_000, seal: { ...sealSoon, headMs: 0 } });
      for (let round = 0; round < 40; round++) {
        put(
          test.store,
          cpu,
          Array.from({ length: 240 }, (_, i) => [round * 240_000 + i * 1000, Math.sin(round * 240 + i)]),
        );
        test.sealAll();
        test.clock.advance(31 * 60_000);
        await test.store.tidy();
      }
      expect(test.store.stats().bytesOnDisk).toBeLessThan(150_000);
      const [kept] = samples();
      expect(kept.at(-1)?.[0]).toBe(39 * 240_000 + 239_000);
      expect(kept[0][0]).toBeGreaterThan(0);
    }, 30_000);
  });

  it('answers questions about labels within a time range', () => {
    start({ seal: { ...sealSoon, headMs: 0 } });
    put(test.store, labels('old', { host: 'a' }), row(240));
    put(test.store, labels('new', { host: 'b', disk: 'sda' }), row(10, 1_000_000));
    test.sealAll();
    expect(test.store.labelNames([], -Infinity, Infinity)).toEqual(['__name__', 'disk', 'host']);
    expect(test.store.labelNames([], 0, 100_000)).toEqual(['__name__', 'host']);
    expect(test.store.labelValues('host', [], 900_000, Infinity)).toEqual(['b']);
    expect(test.store.labelValues('host', [byName('old'), byName('new')], -Infinity, Infinity)).toEqual(['a', 'b']);
    expect(test.store.labelValues('host', [byName('nothing')], -Infinity, Infinity)).toEqual([]);
    expect([...test.store.refs(byName('new'))]).toEqual([2]);
  });

  it('keeps native histograms through log and block, floats between them', async () => {
    start({ seal: { ...sealSoon, headMs: 0 } });
    const histogram = (count: number): FloatHistogram => ({
      schema: 0,
      zeroThreshold: 1e-128,
      zeroCount: 1,
      count,
      sum: count * 1.5,
      positiveSpans: [{ offset: count > 100 ? -1 : 0, length: 2 }],
      negativeSpans: [],
      positiveBuckets: [count, 2],
      negativeBuckets: [],
      counterResetHint: 'unknown',
    });
    const ref = test.store.resolve(cpu, 'test');
    const histograms = Array.from({ length: 150 }, (_, i) => (i === 70 ? undefined : histogram(i)));
    test.store.append({
      source: 'test',
      receivedMs: 0,
      refs: new Uint32Array(150).fill(ref),
      timestamps: Float64Array.from({ length: 150 }, (_, i) => i * 1000),
      values: new Float64Array(150).fill(7),
      histograms,
      count: 150,
    });
    const get = (): unknown[] => {
      const [series] = test.store.select(byName('cpu'), -Infinity, Infinity);
      return Array.from({ length: series.to - series.from }, (_, i) => {
        return series.histograms?.[series.from + i] ?? series.values[series.from + i];
      });
    };
    // At 101 the buckets begin elsewhere, and one of them has fewer than before.
    const expected = histograms.map((h, i) => {
      const counterResetHint = i === 0 || i === 71 ? 'unknown' : i === 101 ? 'reset' : 'not_reset';
      return h ? { ...h, counterResetHint } : 7;
    });
    expect(get()).toEqual(expected);
    await test.reopen();
    expect(get()).toEqual(expected);
    test.sealAll();
    put(test.store, cpu, [[200_000, 1]]);
    test.sealAll();
    expect(test.store.stats().samplesInHead).toBe(1);
    expect(get()).toEqual([...expected, 1]);
  });
});

const sealSoon = {
  samples: 120,
  maxPieceSamples: 240,
  maxBlockSamples: 30_000,
  maxAgeMs: 7_200_000,
  maxSegments: 4,
  headMs: 3_600_000,
  maxHeadSamples: 12_000_000,
};
