import { formatClock, formatFull, formatMoment, nextClock } from './time.js';

// Built from local parts, so that the tests hold in every time zone.
const at = (day: number, hours: number, minutes = 0): number => new Date(2026, 2, day, hours, minutes, 7).getTime();

describe('moments', () => {
  it('prints the time of day, with seconds when asked', () => {
    expect(formatClock(at(1, 9, 5))).toBe('09:05');
    expect(formatClock(at(1, 9, 5), true)).toBe('09:05:07');
    expect(formatFull(at(1, 9, 5))).toBe('2026-03-01 09:05:07');
  });

  it.each([
    [at(10, 9), '09:00'],
    [at(11, 9), 'tomorrow 09:00'],
    [at(9, 17, 30), 'yesterday 17:30'],
    [at(3, 9), '3 Mar 09:00'],
    [new Date(2025, 11, 31, 23, 59).getTime(), '31 Dec 2025 23:59'],
  ])('tells %d as %s', (atMs, text) => {
    expect(formatMoment(atMs, at(10, 12))).toBe(text);
  });

  it('finds the next nine in the morning, today or tomorrow', () => {
    expect(nextClock(9, at(10, 3))).toBe(new Date(2026, 2, 10, 9).getTime());
    expect(nextClock(9, at(10, 9))).toBe(new Date(2026, 2, 11, 9).getTime());
    expect(nextClock(9, new Date(2026, 2, 10, 9).getTime())).toBe(new Date(2026, 2, 11, 9).getTime());
  });
});
