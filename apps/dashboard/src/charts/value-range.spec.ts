import type { Unit } from '../format/units.js';
import { type Extent, fitRange, keepRange, niceStep, type RangeOptions, valueTicks } from './value-range.js';

const options = (unit: Unit, more: Partial<RangeOptions> = {}): RangeOptions => ({
  unit,
  steps: 4,
  include: [],
  ...more,
});
const NONE: Extent = { min: Infinity, max: -Infinity };

describe('niceStep', () => {
  it.each<[number, Unit, number]>([
    [0.3, 'none', 0.5],
    [21, 'percent', 25],
    [7, 'none', 10],
    [300, 'bytes', 512],
    [700 * 1024 ** 2, 'bytes', 1024 ** 3],
    [40, 'seconds', 60],
    [0.04, 'seconds', 0.05],
    [700, 'seconds', 900],
    [200_000, 'seconds', 216_000],
  ])('is the next one that people count in from %p (%s): %p', (atLeast, unit, step) => {
    expect(niceStep(atLeast, unit)).toBeCloseTo(step);
  });
});

describe('fitRange', () => {
  it.each<[string, Extent, RangeOptions, Extent]>([
    ['starts at zero', { min: 3, max: 87 }, options('percent'), { min: 0, max: 100 }],
    ['does not go past 100 %', { min: 3, max: 99 }, options('percent', { steps: 3 }), { min: 0, max: 100 }],
    ['goes past 100 % with the data', { min: 0, max: 380 }, options('percent'), { min: 0, max: 400 }],
    ['counts bytes by 1024', { min: 0, max: 5.9 * 1024 ** 3 }, options('bytes'), { min: 0, max: 6 * 1024 ** 3 }],
    [
      'leaves zero out where it would flatten the data',
      { min: 1000, max: 1040 },
      options('none'),
      { min: 1000, max: 1040 },
    ],
    ['spans zero', { min: -3, max: 5 }, options('none'), { min: -4, max: 6 }],
    ['gives a flat zero line room', { min: 0, max: 0 }, options('none'), { min: 0, max: 1 }],
    [
      'shows a threshold with room for its word',
      { min: 0, max: 12 },
      options('percent', { include: [80] }),
      { min: 0, max: 100 },
    ],
    ['reaches its soft end', { min: 0, max: 12 }, options('percent', { softMax: 100 }), { min: 0, max: 100 }],
    ['is 0 to 1 without data', NONE, options('none'), { min: 0, max: 1 }],
  ])('%s', (_name, data, opts, expected) => {
    expect(fitRange(data, opts)).toMatchObject(expected);
  });

  it('always holds the data', () => {
    for (const unit of ['none', 'bytes', 'seconds', 'percent', 'ratio'] as const) {
      for (let i = 0; i < 500; i++) {
        const a = (Math.sin(i) * 10 ** (i % 12)) / 1e4;
        const b = a + Math.abs(Math.cos(i * 7) * 10 ** (i % 9)) / 1e3;
        const range = fitRange({ min: a, max: b }, options(unit));
        expect(range.min).toBeLessThanOrEqual(a + range.step * 1e-6);
        expect(range.max).toBeGreaterThanOrEqual(b - range.step * 1e-6);
      }
    }
  });
});

describe('keepRange', () => {
  const opts = options('none');
  const full = keepRange(null, { min: 0, max: 100 }, opts, 0);

  it('keeps the same range while the data stay inside', () => {
    expect(keepRange(full, { min: 5, max: 98 }, opts, 1000)).toBe(full);
  });

  it('grows at once', () => {
    expect(keepRange(full, { min: 0, max: 130 }, opts, 1000).range.max).toBeGreaterThanOrEqual(130);
  });

  it('shrinks only when the data have needed much less for ten seconds', () => {
    const small = { min: 0, max: 11 };
    const waiting = keepRange(full, small, opts, 1000);
    expect(waiting.range).toBe(full.range);
    expect(keepRange(waiting, small, opts, 10_999).range).toBe(full.range);
    expect(keepRange(waiting, small, opts, 11_000).range.max).toBeLessThan(20);
  });

  it('starts the wait anew when the data need the room again', () => {
    const waiting = keepRange(full, { min: 0, max: 11 }, opts, 1000);
    const needed = keepRange(waiting, { min: 0, max: 90 }, opts, 6000);
    const again = keepRange(needed, { min: 0, max: 11 }, opts, 7000);
    expect(keepRange(again, { min: 0, max: 11 }, opts, 12_000).range).toBe(full.range);
  });

  it('stays while there are no data', () => {
    expect(keepRange(full, NONE, opts, 1000)).toBe(full);
  });
});

describe('valueTicks', () => {
  it('stand on the steps, ends included, without floating-point dust', () => {
    expect(valueTicks({ min: 0, max: 0.3, step: 0.1 })).toEqual([0, 0.1, 0.2, 0.3]);
    expect(valueTicks({ min: -0.2, max: 0.2, step: 0.1 })).toEqual([-0.2, -0.1, 0, 0.1, 0.2]);
  });
});
