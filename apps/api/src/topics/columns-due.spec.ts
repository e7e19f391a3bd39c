import { columnsDue, type Progress } from './columns-due.js';

const base: Progress = {
  stepMs: 1_000,
  windowMs: 60_000,
  lastGridMs: 100_000,
  newestMs: 100_000,
  dirtyFromMs: Infinity,
  dirtyToMs: -Infinity,
  leastMs: 0,
  mostMs: 300_000,
  pinned: [],
};
const nothing = { corrections: undefined, columns: undefined, tipMs: undefined, reset: false };
const range = (startMs: number, endMs: number) => ({ startMs, endMs });
const came = (fromMs: number, toMs = fromMs) => ({ dirtyFromMs: fromMs, dirtyToMs: toMs, newestMs: toMs });
const NOW = 105_000;

describe('the columns that a topic owes', () => {
  it.each<[string, Partial<Progress>, number, Partial<ReturnType<typeof columnsDue>>]>([
    ['none when nothing came and no beat', {}, -Infinity, {}],
    ['a final one for a sample on the grid', came(101_000), -Infinity, { columns: range(101_000, 101_000) }],
    ['a tip for a sample off the grid', came(100_400), -Infinity, { tipMs: 100_400 }],
    ['the grid and a tip', came(103_400), -Infinity, { columns: range(101_000, 103_000), tipMs: 103_400 }],
    ['the grid up to a beat', {}, 102_500, { columns: range(101_000, 102_000) }],
    ['nothing for a beat that is not past the grid', {}, 100_900, {}],
    ['corrections from a late sample on', came(98_500, 98_500), -Infinity, { corrections: range(99_000, 100_000) }],
    [
      'corrections only as far as the sample reaches',
      { ...came(97_000), mostMs: 2_000 },
      -Infinity,
      { corrections: range(97_000, 99_000) },
    ],
    [
      'corrections before the sample for an expression that looks ahead',
      { ...came(100_000), leastMs: -2_000 },
      -Infinity,
      { corrections: range(98_000, 100_000) },
    ],
    ['no correction of what has left the window', { ...came(10_000), mostMs: 5_000 }, -Infinity, {}],
    [
      'corrections, columns and a tip at once',
      { ...came(99_500, 101_500) },
      -Infinity,
      { corrections: range(100_000, 100_000), columns: range(101_000, 101_000), tipMs: 101_500 },
    ],
    [
      'a new start for a sample that an @ ties every result to',
      { ...came(50_000), pinned: [{ fromMs: 40_000, toMs: 60_000 }] },
      -Infinity,
      { reset: true },
    ],
    [
      'no new start for a sample beside it',
      { ...came(101_000), pinned: [{ fromMs: 40_000, toMs: 60_000 }] },
      -Infinity,
      { columns: range(101_000, 101_000) },
    ],
  ])('%s', (_, progress, untilMs, expected) => {
    expect(columnsDue({ ...base, ...progress }, NOW, untilMs)).toEqual({ ...nothing, ...expected });
  });

  it('does not run ahead of the clock for samples of the future', () => {
    const due = columnsDue({ ...base, ...came(900_000) }, NOW, -Infinity);
    expect(due.columns).toEqual(range(101_000, 105_000));
    expect(due.tipMs).toBeUndefined();
  });

  it('starts anew after a silence longer than the window', () => {
    expect(columnsDue({ ...base, ...came(300_000) }, 300_000, -Infinity).reset).toBe(true);
  });
});
