import { formatClock } from '../format/time.js';

export interface TimeTick {
  /** Ms since 1970. */
  readonly value: number;
  readonly label: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [1, 2, 5, 10, 15, 30]
  .flatMap((count) => [count * SECOND, count * MINUTE])
  .concat([HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY])
  .sort((a, b) => a - b);
/** Room for one label, in CSS pixels. */
const LABEL_WIDTH = 84;

/**
 * Ticks of a time axis at round local times, at most one per label's width. Those whose label would be cut off by an
 * end of the axis are left out.
 */
export function timeTicks(fromMs: number, toMs: number, widthPx: number): TimeTick[] {
  const span = toMs - fromMs;
  if (!(span > 0) || !(widthPx > 0)) return [];
  const stepMs = STEPS.find((step) => (span / step) * LABEL_WIDTH <= widthPx) ?? STEPS.at(-1) ?? DAY;
  const offsetMs = new Date(toMs).getTimezoneOffset() * MINUTE;
  const seconds = stepMs < MINUTE;
  const margin = ((seconds ? 27 : 18) / widthPx) * span;
  const ticks: TimeTick[] = [];
  for (
    let value = Math.ceil((fromMs + margin - offsetMs) / stepMs) * stepMs + offsetMs;
    value <= toMs - margin;
    value += stepMs
  ) {
    ticks.push({ value, label: label(value, seconds) });
  }
  return ticks;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function label(value: number, seconds: boolean): string {
  const clock = formatClock(value, seconds);
  if (clock !== '00:00' && clock !== '00:00:00') return clock;
  const date = new Date(value);
  return `${date.getDate()} ${MONTHS[date.getMonth()] ?? ''}`;
}
