import type { TimeIntervalConfig } from '../config/config.js';

type Interval = TimeIntervalConfig['intervals'][number];

/** A moment as a wall clock and a calendar in one place show it. */
interface LocalTime {
  readonly minute: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly day: number;
  readonly daysInMonth: number;
  readonly month: number;
  readonly year: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** True while any part of the interval contains the moment; an empty list of a field contains everything. */
export function contains(interval: TimeIntervalConfig, atMs: number): boolean {
  return interval.intervals.some((part) => containsPart(part, localTime(atMs, part.location)));
}

function containsPart(part: Interval, at: LocalTime): boolean {
  const within = (ranges: readonly { start: number; end: number }[], value: number): boolean =>
    ranges.length === 0 || ranges.some(({ start, end }) => value >= start && value <= end);
  const minuteFits =
    part.times.length === 0 ||
    part.times.some(({ startMinute, endMinute }) => at.minute >= startMinute && at.minute < endMinute);
  return (
    minuteFits &&
    within(part.weekdays, at.weekday) &&
    within(
      part.daysOfMonth.map((range) => daysFromStart(range, at.daysInMonth)),
      at.day,
    ) &&
    within(part.months, at.month) &&
    within(part.years, at.year)
  );
}

/** Negative days count back from the month's end (-1 is the last); what falls outside of the month is clamped to it. */
function daysFromStart(range: { start: number; end: number }, daysInMonth: number): { start: number; end: number } {
  const day = (value: number): number => (value < 0 ? daysInMonth + 1 + value : value);
  return { start: Math.max(1, day(range.start)), end: Math.min(daysInMonth, day(range.end)) };
}

function localTime(atMs: number, location: string): LocalTime {
  const fields: Record<string, number> = {};
  for (const { type, value } of formatter(location).formatToParts(atMs)) fields[type] = Number(value);
  const { year, month, day, hour, minute } = fields;
  return {
    minute: (hour % 24) * 60 + minute,
    weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay(),
    day,
    daysInMonth: new Date(Date.UTC(year, month, 0)).getUTCDate(),
    month,
    year,
  };
}

/** `location` is an IANA name; 'Local' is the machine's own, '' is UTC. Formatters are kept, since making one costs 50 µs. */
function formatter(location: string): Intl.DateTimeFormat {
  let found = formatters.get(location);
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', {
      ...(location === 'Local' ? {} : { timeZone: location || 'UTC' }),
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      hourCycle: 'h23',
    });
    formatters.set(location, found);
  }
  return found;
}
