import fc from 'fast-check';
import {
  addHistograms,
  compactHistogram,
  divideHistogram,
  multiplyHistogram,
  subtractHistograms,
} from './arithmetic.js';
import { histogramFraction, histogramQuantile } from './estimate.js';
import { boundOf } from './buckets.js';
import type { FloatHistogram } from './float-histogram.js';
import { type Buckets, equalHistograms, pack } from './layout.js';
import { printHistogram } from './print.js';
import { hintWhenStored, isReset } from './reset.js';
import { HistogramMean, HistogramSum } from './sum.js';
import { trimHistogram } from './trim.js';

/** With whole counts, so that sums are exact whatever their order. */
const side = fc
  .uniqueArray(fc.tuple(fc.integer({ min: -6, max: 12 }), fc.integer({ min: 1, max: 50 })), {
    selector: ([index]) => index,
    maxLength: 6,
  })
  .map((buckets) => buckets.sort(([a], [b]) => a - b))
  .map((buckets) => ({ indices: buckets.map(([index]) => index), counts: buckets.map(([, count]) => count) }));

const histogram = fc
  .record({
    schema: fc.integer({ min: -1, max: 3 }),
    zeroThreshold: fc.constantFrom(0, 0.001, 0.5, 1),
    zeroCount: fc.integer({ min: 0, max: 20 }),
    positive: side,
    negative: side,
    sum: fc.integer({ min: -100, max: 100 }),
  })
  .map(({ schema, zeroThreshold, zeroCount, sum, ...sides }): FloatHistogram => {
    // Buckets lie outside of the zero bucket.
    const outside = ({ indices, counts }: Buckets): Buckets => {
      const kept = indices.map((index) => boundOf(index - 1, schema, []) >= zeroThreshold);
      return { indices: indices.filter((_, i) => kept[i]), counts: counts.filter((_, i) => kept[i]) };
    };
    const positive = outside(sides.positive);
    const negative = outside(sides.negative);
    const total = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
    const count = zeroCount + total(positive.counts) + total(negative.counts);
    const base = { schema, zeroThreshold, zeroCount, count, sum, positive, negative };
    return pack({ ...base, customValues: [], hint: 'unknown' });
  });

const added = (a: FloatHistogram, b: FloatHistogram): FloatHistogram => {
  const sum = addHistograms(a, b);
  if (sum === undefined) throw new Error('incompatible');
  return sum.histogram;
};

describe('histogram arithmetic', () => {
  it('adds in any order, schemas and zero buckets apart', () => {
    fc.assert(
      fc.property(histogram, histogram, (a, b) => {
        expect(printHistogram(added(a, b))).toBe(printHistogram(added(b, a)));
      }),
    );
  });

  it('loses no observation when it adds', () => {
    fc.assert(
      fc.property(histogram, histogram, (a, b) => {
        const { count, zeroCount, positiveBuckets, negativeBuckets } = added(a, b);
        const inBuckets = [...positiveBuckets, ...negativeBuckets].reduce((x, y) => x + y, zeroCount);
        expect(inBuckets).toBe(a.count + b.count);
        expect(count).toBe(a.count + b.count);
      }),
    );
  });

  it('takes away what it added', () => {
    fc.assert(
      fc.property(histogram, histogram, (a, b) => {
        fc.pre(a.zeroThreshold === b.zeroThreshold);
        const back = subtractHistograms(added(a, b), b);
        // What is left has the layout of the sum; on it, `a` is the same.
        const nothing = multiplyHistogram(b, 0);
        expect(printHistogram(compactHistogram(back?.histogram ?? a))).toBe(
          printHistogram(compactHistogram(added(a, nothing))),
        );
      }),
    );
  });

  it('sums with compensation to what it sums without, for whole counts', () => {
    fc.assert(
      fc.property(histogram, histogram, histogram, (a, b, c) => {
        const sum = new HistogramSum(a);
        sum.add(b);
        sum.add(c);
        expect(printHistogram(sum.result(true))).toBe(printHistogram(compactHistogram(added(added(a, b), c))));
      }),
    );
  });

  it('means equal histograms to the same', () => {
    fc.assert(
      fc.property(histogram, fc.integer({ min: 1, max: 5 }), (a, more) => {
        const mean = new HistogramMean(a);
        for (let i = 0; i < more; i++) mean.add(a, divideHistogram);
        expect(printHistogram(mean.result(true))).toBe(printHistogram(compactHistogram(a)));
      }),
    );
  });

  it('goes over to an incremental mean where the sum would overflow', () => {
    const huge = multiplyHistogram(
      pack({
        schema: 0,
        zeroThreshold: 0,
        zeroCount: 0,
        count: 1,
        sum: 1,
        positive: { indices: [0], counts: [1] },
        negative: { indices: [], counts: [] },
        customValues: [],
        hint: 'gauge',
      }),
      1.5e308,
    );
    const mean = new HistogramMean(huge);
    mean.add(huge, divideHistogram);
    mean.add(huge, divideHistogram);
    expect(mean.result(true).count).toBeCloseTo(1.5e308, -300);
  });

  it('never takes growth for a reset, and every fall for one', () => {
    fc.assert(
      fc.property(histogram, histogram, (a, b) => {
        expect(isReset(added(a, b), a)).toBe(false);
        if (b.count > 0) expect(isReset(a, added(a, b))).toBe(true);
      }),
    );
  });

  it('keeps all observations between trims at one value', () => {
    fc.assert(
      fc.property(histogram, fc.double({ min: -50, max: 50, noNaN: true }), (a, at) => {
        // A zero bucket without width that stands exactly there is on neither side.
        fc.pre(at !== 0 || a.zeroThreshold > 0 || a.zeroCount === 0);
        const both = trimHistogram(a, at, 'below').count + trimHistogram(a, at, 'above').count;
        expect(both).toBeCloseTo(a.count, 6);
      }),
    );
  });

  it('has quantile and fraction undo each other inside of the buckets', () => {
    fc.assert(
      fc.property(histogram, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (a, share) => {
        fc.pre(a.count > 0);
        const { value } = histogramQuantile(share, a);
        fc.pre(value !== 0);
        const { value: fraction } = histogramFraction(-Infinity, value, a);
        expect(Math.abs(fraction - share)).toBeLessThan(1e-6);
      }),
    );
  });

  it('sees a difference in an empty bucket, but none in the hint', () => {
    const one = pack({
      schema: 0,
      zeroThreshold: 0,
      zeroCount: 0,
      count: 1,
      sum: 1,
      positive: { indices: [1, 2], counts: [1, 0] },
      negative: { indices: [], counts: [] },
      customValues: [],
      hint: 'unknown',
    });
    expect(equalHistograms(one, { ...one, counterResetHint: 'gauge' })).toBe(true);
    expect(equalHistograms(one, compactHistogram(one))).toBe(false);
  });
});

describe('hintWhenStored', () => {
  it.each([
    ['the first of its series', 'unknown', 5, undefined, 'unknown'],
    ['a counter that grew', 'unknown', 5, 3, 'not_reset'],
    ['a counter that fell', 'unknown', 2, 3, 'reset'],
    ['an explicit reset', 'reset', 5, 3, 'reset'],
    ['a gauge', 'gauge', 2, 3, 'gauge'],
    ['a claim without a sample before it', 'not_reset', 5, undefined, 'unknown'],
  ] as const)('of %s', (_what, hint, count, before, expected) => {
    const of = (total: number): FloatHistogram =>
      pack({
        schema: 0,
        zeroThreshold: 0,
        zeroCount: total,
        count: total,
        sum: 0,
        positive: { indices: [], counts: [] },
        negative: { indices: [], counts: [] },
        customValues: [],
        hint: 'unknown',
      });
    const previous = before === undefined ? undefined : of(before);
    expect(hintWhenStored({ ...of(count), counterResetHint: hint }, previous)).toBe(expected);
  });
});
