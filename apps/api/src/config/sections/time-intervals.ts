/** `time_intervals` of alertmanager.yml. */
import type { TimeIntervalConfig } from '../config.js';
import { list, nonEmpty, scalar, section } from './values.js';

interface Range {
  readonly start: number;
  readonly end: number;
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

const clock = (text: string): number | undefined => {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  if (!match) return undefined;
  const minute = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minute <= 1440 ? minute : undefined;
};

const minute = () => scalar('a time of day; write it as "09:30", at most "24:00"', clock);

/** `a` or `a:b`; both ends read by `end`, within `[min, max]` or, below zero, counted from the end. */
function range(text: string, end: (text: string) => number | undefined): Range | undefined {
  const [first, second, ...more] = text.split(':').map((part) => end(part.trim().toLowerCase()));
  if (first === undefined || more.length > 0) return undefined;
  const last = text.includes(':') ? second : first;
  return last === undefined ? undefined : { start: first, end: last };
}

const integer = (text: string): number | undefined => (/^-?\d+$/.test(text) ? Number(text) : undefined);

const ordered = (found: Range | undefined): Range | undefined =>
  found && found.start <= found.end ? found : undefined;

const weekday = () =>
  scalar('a day or range of days such as monday:friday', (text) =>
    ordered(
      range(text, (part) => {
        const index = WEEKDAYS.indexOf(part);
        return index < 0 ? undefined : index;
      }),
    ),
  );

const month = () =>
  scalar('a month or range of months such as january:march or 1:3', (text) =>
    ordered(
      range(text, (part) => {
        const number = MONTHS.includes(part) ? MONTHS.indexOf(part) + 1 : integer(part);
        return number !== undefined && number >= 1 && number <= 12 ? number : undefined;
      }),
    ),
  );

const dayOfMonth = () =>
  scalar('a day of the month or a range such as 1:15 or -7:-1 (from the end)', (text) => {
    const found = range(text, (part) => {
      const day = integer(part);
      return day !== undefined && day !== 0 && Math.abs(day) <= 31 ? day : undefined;
    });
    // With ends of the same sign the order is known whatever the month; from a negative start to a positive end is never right.
    const sameSign = found && found.start > 0 === found.end > 0;
    return found && (sameSign ? found.start <= found.end : found.start > 0) ? found : undefined;
  });

const year = () => scalar('a year or range of years such as 2026:2028', (text) => ordered(range(text, integer)));

const location = () =>
  scalar('a time zone such as Europe/Berlin, UTC or Local', (text) => {
    if (text === 'Local') return Intl.DateTimeFormat().resolvedOptions().timeZone;
    try {
      new Intl.DateTimeFormat('en', { timeZone: text });
      return text;
    } catch {
      return undefined;
    }
  });

const time = section('times', { start_time: minute(), end_time: minute() }).transform((value, context) => {
  if (value.start_time >= value.end_time) {
    context.addIssue({
      code: 'custom',
      message: 'start_time must be before end_time; split what passes midnight in two',
    });
  }
  return { startMinute: value.start_time, endMinute: value.end_time };
});

const interval = section('time_intervals', {
  times: list(time).default([]),
  weekdays: list(weekday()).default([]),
  days_of_month: list(dayOfMonth()).default([]),
  months: list(month()).default([]),
  years: list(year()).default([]),
  location: location().default('UTC'),
});

/** One entry of `time_intervals` or of the older `mute_time_intervals`. */
export const timeInterval = section('time_intervals', {
  name: nonEmpty(),
  time_intervals: list(interval).default([]),
}).transform((value): TimeIntervalConfig => ({
  name: value.name,
  intervals: value.time_intervals.map((one) => ({
    times: one.times,
    weekdays: one.weekdays,
    daysOfMonth: one.days_of_month,
    months: one.months,
    years: one.years,
    location: one.location,
  })),
}));
