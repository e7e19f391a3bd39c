/**
 * The parts of a time in UTC, given in seconds since 1970 and cut off to whole ones. Days become dates by the usual
 * reckoning in eras of 400 years of 146,097 days that begin with March.
 */
const SECONDS_PER_DAY = 86_400;

interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

function daysOf(seconds: number): number {
  return Math.floor(Math.trunc(seconds) / SECONDS_PER_DAY);
}

function secondOfDay(seconds: number): number {
  const whole = Math.trunc(seconds);
  return whole - Math.floor(whole / SECONDS_PER_DAY) * SECONDS_PER_DAY;
}

function dateOf(days: number): CivilDate {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const march = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * march + 2) / 5) + 1;
  const month = march < 10 ? march + 3 : march - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function minute(seconds: number): number {
  return Math.floor(secondOfDay(seconds) / 60) % 60;
}

export function hour(seconds: number): number {
  return Math.floor(secondOfDay(seconds) / 3600);
}

/** 0 is Sunday. */
export function dayOfWeek(seconds: number): number {
  const day = (daysOf(seconds) + 4) % 7;
  return day < 0 ? day + 7 : day;
}

export function dayOfMonth(seconds: number): number {
  return dateOf(daysOf(seconds)).day;
}

export function dayOfYear(seconds: number): number {
  const { year: inYear, month: inMonth, day } = dateOf(daysOf(seconds));
  let days = day;
  for (let m = 1; m < inMonth; m++) days += lengthOf(inYear, m);
  return days;
}

export function daysInMonth(seconds: number): number {
  const { year: inYear, month: inMonth } = dateOf(daysOf(seconds));
  return lengthOf(inYear, inMonth);
}

function lengthOf(inYear: number, inMonth: number): number {
  return inMonth === 2 && isLeap(inYear) ? 29 : (DAYS[inMonth - 1] ?? NaN);
}

export function month(seconds: number): number {
  return dateOf(daysOf(seconds)).month;
}

export function year(seconds: number): number {
  return dateOf(daysOf(seconds)).year;
}
