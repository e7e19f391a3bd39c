import { timeTicks } from './time-ticks.js';

const at = (hours: number, minutes: number, seconds = 0): number =>
  new Date(2026, 2, 3, hours, minutes, seconds).getTime();

describe('timeTicks', () => {
  it('stand at round local times', () => {
    expect(timeTicks(at(14, 0, 7), at(14, 15, 7), 600).map(({ label }) => label)).toEqual(['14:05', '14:10']);
  });

  it('show seconds only when they differ', () => {
    expect(timeTicks(at(14, 0), at(14, 1), 400).map(({ label }) => label)).toEqual([
      '14:00:15',
      '14:00:30',
      '14:00:45',
    ]);
  });

  it('name the day at midnight', () => {
    const labels = timeTicks(at(21, 0), new Date(2026, 2, 4, 3, 0).getTime(), 600).map(({ label }) => label);
    expect(labels).toContain('4 Mar');
  });

  it('are never closer than a label is wide', () => {
    for (const minutes of [1, 5, 15, 60, 360, 1440, 10_080]) {
      for (const width of [120, 360, 700, 1400]) {
        const to = at(23, 11, 13);
        const from = to - minutes * 60_000;
        const ticks = timeTicks(from, to, width);
        for (const [i, tick] of ticks.entries()) {
          const before = ticks[i - 1];
          if (before) expect(((tick.value - before.value) / (to - from)) * width).toBeGreaterThanOrEqual(83.9);
        }
      }
    }
  });

  it('are none for an axis without length', () => {
    expect(timeTicks(5, 5, 100)).toEqual([]);
    expect(timeTicks(0, 5, 0)).toEqual([]);
  });
});
