import type { TimeIntervalConfig } from '../config/config.js';
import { contains } from './time-interval.js';

type Part = TimeIntervalConfig['intervals'][number];
const everything: Part = { times: [], weekdays: [], daysOfMonth: [], months: [], years: [], location: 'UTC' };
const interval = (part: Partial<Part>): TimeIntervalConfig => ({ name: 'i', intervals: [{ ...everything, ...part }] });
const at = (text: string): number => Date.parse(text);

describe('a time interval', () => {
  it.each<[string, Partial<Part>, string, boolean]>([
    ['contains everything when it says nothing', {}, '2026-03-01T12:00:00Z', true],
    ['starts with its first minute', { times: [{ startMinute: 540, endMinute: 1020 }] }, '2026-03-02T09:00:00Z', true],
    ['ends before its last minute', { times: [{ startMinute: 540, endMinute: 1020 }] }, '2026-03-02T17:00:00Z', false],
    ['knows weekdays', { weekdays: [{ start: 1, end: 5 }] }, '2026-03-01T12:00:00Z', false],
    [
      'counts negative days from the month’s end',
      { daysOfMonth: [{ start: -3, end: -1 }] },
      '2026-02-26T00:00:00Z',
      true,
    ],
    ['does not reach before them', { daysOfMonth: [{ start: -3, end: -1 }] }, '2026-02-25T23:59:00Z', false],
    ['clamps days to the month', { daysOfMonth: [{ start: 28, end: 31 }] }, '2026-02-28T10:00:00Z', true],
    [
      'knows months and years',
      { months: [{ start: 3, end: 4 }], years: [{ start: 2026, end: 2026 }] },
      '2026-05-01T00:00:00Z',
      false,
    ],
    [
      'reads the clock of its place',
      { times: [{ startMinute: 0, endMinute: 60 }], location: 'Europe/Vienna' },
      '2026-07-01T22:30:00Z',
      true,
    ],
    [
      'and the calendar of its place',
      { weekdays: [{ start: 4, end: 4 }], location: 'Asia/Tokyo' },
      '2026-07-01T15:00:00Z',
      true,
    ],
    ['does not lose midnight', { times: [{ startMinute: 0, endMinute: 1 }] }, '2026-07-01T00:00:00Z', true],
  ])('%s', (_, part, time, expected) => {
    expect(contains(interval(part), at(time))).toBe(expected);
  });
});
