import { FunctionError } from '../errors.js';
import { GoFunction, GoNamed, type GoValue } from '../values.js';

/** Go's time.Time as templates see it: ms since 1970 and a zone; `fraction` is the part below a second that it prints, in ns. */
export interface GoTime {
  readonly ms: number;
  readonly nanoseconds: number;
  readonly zone: string;
}

interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly offsetMinutes: number;
  readonly zoneName: string;
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const times = new WeakMap<GoNamed, GoTime>();

/** A time as a template's value, with the methods that templates use. */
export function timeValue(ms: number, zone = 'UTC'): GoNamed {
  const floor = Math.floor(ms);
  return wrap({
    ms: floor,
    nanoseconds: Math.round((ms - floor) * 1e6) + (((floor % 1000) + 1000) % 1000) * 1e6,
    zone,
  });
}

export function timeOf(value: GoValue): GoTime {
  const time = value instanceof GoNamed ? times.get(value) : undefined;
  if (!time) throw new FunctionError('expected time.Time');
  return time;
}

function wrap(time: GoTime): GoNamed {
  const method = (run: (args: GoValue[]) => GoValue, ...parameters: ('string' | 'any' | 'int')[]): GoFunction =>
    new GoFunction(parameters, run);
  const named: GoNamed = new GoNamed(
    'time.Time',
    BigInt(Math.trunc(time.ms)),
    {
      Format: method(([layout]) => formatTime(time, layout as string), 'string'),
      Unix: method(() => BigInt(Math.floor(time.ms / 1000))),
      UnixMilli: method(() => BigInt(Math.trunc(time.ms))),
      UTC: method(() => wrap({ ...time, zone: 'UTC' })),
      Local: method(() => wrap({ ...time, zone: 'UTC' })),
      Year: method(() => BigInt(civil(time).year)),
      Month: method(() => {
        const { month } = civil(time);
        return new GoNamed('time.Month', BigInt(month), {}, () => MONTHS[month - 1]);
      }),
      Day: method(() => BigInt(civil(time).day)),
      Hour: method(() => BigInt(civil(time).hour)),
      Minute: method(() => BigInt(civil(time).minute)),
      Second: method(() => BigInt(civil(time).second)),
      Weekday: method(() => {
        const { weekday } = civil(time);
        return new GoNamed('time.Weekday', BigInt(weekday), {}, () => DAYS[weekday]);
      }),
      IsZero: method(() => time.ms === ZERO_TIME_MS),
      Sub: method(([other]) => durationValue(time.ms - timeOf(other).ms), 'any'),
      Add: method(([ns]) => timeValue(time.ms + Number(ns) / 1e6, time.zone), 'int'),
      Before: method(([other]) => time.ms < timeOf(other).ms, 'any'),
      After: method(([other]) => time.ms > timeOf(other).ms, 'any'),
      String: method(() => formatTime(time, '2006-01-02 15:04:05.999999999 -0700 MST')),
    },
    () => formatTime(time, '2006-01-02 15:04:05.999999999 -0700 MST'),
  );
  times.set(named, time);
  return named;
}

/** Go's zero time, year 1. */
export const ZERO_TIME_MS = -62_135_596_800_000;

/** time.Duration, from ms. */
export function durationValue(ms: number): GoNamed {
  const nanoseconds = BigInt(Math.round(ms * 1e6));
  const method = (run: () => GoValue): GoFunction => new GoFunction([], run);
  const text = (): string => formatDuration(nanoseconds);
  return new GoNamed(
    'time.Duration',
    nanoseconds,
    {
      Seconds: method(() => ms / 1000),
      Minutes: method(() => ms / 60_000),
      Hours: method(() => ms / 3_600_000),
      Milliseconds: method(() => BigInt(Math.trunc(ms))),
      String: method(text),
      Round: new GoFunction(['int'], ([to]) => durationValue(roundTo(ms, Number(to) / 1e6))),
      Truncate: new GoFunction(['int'], ([to]) =>
        durationValue(Number(to) > 0 ? Math.trunc(ms / (Number(to) / 1e6)) * (Number(to) / 1e6) : ms),
      ),
    },
    text,
  );
}

const roundTo = (ms: number, toMs: number): number =>
  toMs > 0 ? Math.sign(ms) * Math.round(Math.abs(ms) / toMs) * toMs : ms;

/** As Go's Duration.String: `1h2m3.5s`, `1.5ms`. */
function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const decimal = (unit: bigint): string => {
    const fraction = String(size % unit)
      .padStart(String(unit).length - 1, '0')
      .replace(/0+$/, '');
    return `${size / unit}${fraction ? `.${fraction}` : ''}`;
  };
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(1_000n)}µs`;
  if (size < 1_000_000_000n) return `${sign}${decimal(1_000_000n)}ms`;
  const totalSeconds = size / 1_000_000_000n;
  const minutes = totalSeconds / 60n;
  const fraction = String(size % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const seconds = `${totalSeconds % 60n}${fraction ? `.${fraction}` : ''}s`;
  if (minutes === 0n) return sign + seconds;
  return `${sign}${minutes >= 60n ? `${minutes / 60n}h` : ''}${minutes % 60n}m${seconds}`;
}

/** Formats by a Go layout, whose parts are those of `Mon Jan 2 15:04:05 MST 2006`. */
export function formatTime(time: GoTime, layout: string): string {
  const at = civil(time);
  const two = (value: number): string => String(value).padStart(2, '0');
  const hour12 = at.hour % 12 === 0 ? 12 : at.hour % 12;
  const offset = (colon: string, utc: string): string => {
    if (utc !== '' && at.offsetMinutes === 0) return utc;
    const size = Math.abs(at.offsetMinutes);
    return `${at.offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${colon}${two(size % 60)}`;
  };
  const parts =
    /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|2006|__2|_2(?!006)|0[1-6]|002|15|2|1|3|4|5|PM|pm|-07:00|-0700|-07|Z07:00|Z0700|[.,](?:0+|9+)(?![0-9])/g;
  return layout.replace(parts, (part): string => {
    switch (part) {
      case 'January':
        return MONTHS[at.month - 1];
      case 'Jan':
        return MONTHS[at.month - 1].slice(0, 3);
      case 'Monday':
        return DAYS[at.weekday];
      case 'Mon':
        return DAYS[at.weekday].slice(0, 3);
      case 'MST':
        return at.zoneName;
      case '2006':
        return String(at.year).padStart(4, '0');
      case '06':
        return two(at.year % 100);
      case '01':
        return two(at.month);
      case '1':
        return String(at.month);
      case '02':
        return two(at.day);
      case '_2':
        return String(at.day).padStart(2, ' ');
      case '2':
        return String(at.day);
      case '002':
      case '__2': {
        const day = Math.round((Date.UTC(at.year, at.month - 1, at.day) - Date.UTC(at.year, 0, 1)) / 86_400_000) + 1;
        return String(day).padStart(3, part === '002' ? '0' : ' ');
      }
      case '15':
        return two(at.hour);
      case '03':
        return two(hour12);
      case '3':
        return String(hour12);
      case '04':
        return two(at.minute);
      case '4':
        return String(at.minute);
      case '05':
        return two(at.second);
      case '5':
        return String(at.second);
      case 'PM':
        return at.hour < 12 ? 'AM' : 'PM';
      case 'pm':
        return at.hour < 12 ? 'am' : 'pm';
      case '-07:00':
        return offset(':', '');
      case '-0700':
        return offset('', '');
      case '-07':
        return offset('', '').slice(0, 3);
      case 'Z07:00':
        return offset(':', 'Z');
      case 'Z0700':
        return offset('', 'Z');
      default: {
        const digits = String(time.nanoseconds)
          .padStart(9, '0')
          .slice(0, part.length - 1);
        if (part[1] === '0') return part[0] + digits;
        const kept = digits.replace(/0+$/, '');
        return kept === '' ? '' : part[0] + kept;
      }
    }
  });
}

function civil(time: GoTime): Civil {
  const offsetMinutes = time.zone === 'UTC' ? 0 : zoneOffset(time);
  const local = new Date(Math.floor(time.ms / 1000) * 1000 + offsetMinutes * 60_000);
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    weekday: local.getUTCDay(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    offsetMinutes,
    zoneName: time.zone === 'UTC' ? 'UTC' : zoneName(time, offsetMinutes),
  };
}

function zoneOffset(time: GoTime): number {
  const text = zonePart(time, 'longOffset');
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(text);
  return match ? (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) : 0;
}

function zoneName(time: GoTime, offsetMinutes: number): string {
  const name = zonePart(time, 'short');
  if (/^[A-Z]{3,5}$/.test(name)) return name;
  const size = Math.abs(offsetMinutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${size % 60 ? two(size % 60) : ''}`;
}

function zonePart(time: GoTime, style: 'longOffset' | 'short'): string {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: time.zone, timeZoneName: style });
  return format.formatToParts(new Date(time.ms)).find((part) => part.type === 'timeZoneName')?.value ?? 'UTC';
}

/** The same moment in another zone; the zone's name is one of the IANA database. */
export function inZone(name: string, value: GoValue): GoValue {
  const time = timeOf(value);
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
  } catch {
    throw new FunctionError(`unknown time zone ${name}`);
  }
  return wrap({ ...time, zone: name });
}
