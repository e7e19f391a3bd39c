import fc from 'fast-check';
import {
  type ColumnPatch,
  ColumnStore,
  type ColumnView,
  freezeView,
  lowerBound,
  nearestColumn,
  patchFrom,
} from './columns.js';

const view = (times: readonly number[], values: readonly (readonly number[])[], pad = 0): ColumnView => {
  const padded = (column: readonly number[]): Float64Array =>
    Float64Array.from([...Array<number>(pad).fill(-1), ...column]);
  return { times: padded(times), values: values.map(padded), start: pad, end: pad + times.length };
};
const patch = (
  fromMs: number,
  times: readonly number[],
  values: readonly (readonly number[])[],
  keepFromMs = 0,
): ColumnPatch => ({
  fromMs,
  keepFromMs,
  series: values.length,
  times: Float64Array.from(times),
  values: Float64Array.from(values.flat()),
});
const contents = (store: ColumnView): number[][] =>
  [store.times, ...store.values].map((column) => [...column.subarray(store.start, store.end)]);

describe('lowerBound and nearestColumn', () => {
  const window = view([10, 20, 30], [], 2);
  it.each([
    [5, 2, 2],
    [10, 2, 2],
    [14, 3, 2],
    [16, 3, 3],
    [30, 4, 4],
    [99, 5, 4],
  ])('find %d', (time, bound, nearest) => {
    expect(lowerBound(window, time)).toBe(bound);
    expect(nearestColumn(window, time)).toBe(nearest);
  });

  it('know when there is nothing', () => {
    expect(nearestColumn(view([], []), 5)).toBe(-1);
  });
});

describe('ColumnStore', () => {
  it('replaces the tip and appends', () => {
    const store = new ColumnStore();
    store.apply(patch(-Infinity, [10, 20, 24], [[1, 2, 3]]));
    store.apply(patch(24, [30], [[4]]));
    expect(contents(store)).toEqual([
      [10, 20, 30],
      [1, 2, 4],
    ]);
  });

  it('gives a new series no past', () => {
    const store = new ColumnStore();
    store.apply(patch(-Infinity, [10, 20], [[1, 2]]));
    store.apply(patch(30, [30], [[3], [7]]));
    expect(contents(store)).toEqual([
      [10, 20, 30],
      [1, 2, 3],
      [NaN, NaN, 7],
    ]);
  });

  it('forgets what the window has left', () => {
    const store = new ColumnStore();
    store.apply(patch(-Infinity, [10, 20, 30], [[1, 2, 3]]));
    store.apply(patch(40, [40], [[4]], 25));
    expect(contents(store)[0]).toEqual([30, 40]);
  });

  it('holds no more than four times the window however long it runs', () => {
    const store = new ColumnStore();
    for (let time = 0; time < 20_000; time++) store.apply(patch(time, [time], [[time]], time - 99));
    expect(store.end - store.start).toBe(100);
    expect(store.times.length).toBeLessThanOrEqual(512);
  });

  it('equals the ring after any sequence of patches from it', () => {
    const change = fc.record({
      back: fc.nat(5),
      add: fc.integer({ min: 1, max: 4 }),
      series: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const store = new ColumnStore();
        let times: number[] = [];
        let columns: number[][] = [];
        let now = 0;
        for (const { back, add, series } of changes) {
          times = times.slice(0, Math.max(0, times.length - back));
          while (columns.length < series) columns.push(times.map(() => NaN));
          columns = columns.map((column) => column.slice(0, times.length));
          const fromMs = now + 1;
          const replaceFrom = times.length > 0 ? (times.at(-1) ?? 0) + 1 : -Infinity;
          for (let i = 0; i < add; i++) {
            now += 1;
            times.push(now);
            for (const column of columns) column.push(now * 10 + i);
          }
          const keep = now - 20;
          store.apply(patchFrom(view(times, columns, 3), Math.min(fromMs, replaceFrom), keep));
          const first = times.findIndex((time) => time >= keep);
          expect(contents(store)).toEqual([times.slice(first), ...columns.map((column) => column.slice(first))]);
        }
      }),
    );
  });
});

describe('freezeView', () => {
  it('keeps its values when the ring moves on', () => {
    const ring = view([10, 20], [[1, 2]], 4);
    const frozen = freezeView(ring);
    ring.values[0]?.fill(99);
    expect(contents(frozen)).toEqual([
      [10, 20],
      [1, 2],
    ]);
  });
});
