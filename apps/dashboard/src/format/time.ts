const two = (part: number): string => String(part).padStart(2, '0');

/** Time of day in the reader's own time zone: `09:05`, with seconds on request. */
export function formatClock(atMs: number, seconds = false): string {
  const at = new Date(atMs);
  const minutes = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return seconds ? `${minutes}:${two(at.getSeconds())}` : minutes;
}

/** The whole date and time, for titles: `2026-03-01 09:05:07`. */
export function formatFull(atMs: number): string {
  const at = new Date(atMs);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${formatClock(atMs, true)}`;
}

/** A moment near now, as short as it can be told: `09:00`, `tomorrow 09:00`, `yesterday 17:30`, `3 Mar 09:00`. */
export function formatMoment(atMs: number, nowMs: number): string {
  const days = Math.round((startOfDay(atMs) - startOfDay(nowMs)) / 86_400_000);
  const clock = formatClock(atMs);
  if (days === 0) return clock;
  if (days === 1) return `tomorrow ${clock}`;
  if (days === -1) return `yesterday ${clock}`;
  const at = new Date(atMs);
  const year = at.getFullYear() === new Date(nowMs).getFullYear() ? '' : ` ${at.getFullYear()}`;
  return `${at.getDate()} ${MONTHS[at.getMonth()] ?? ''}${year} ${clock}`;
}

/** The next time that a clock on the wall shows `hour`:00, after now. */
export function nextClock(hour: number, nowMs: number): number {
  const at = new Date(nowMs);
  at.setHours(hour, 0, 0, 0);
  if (at.getTime() <= nowMs) at.setDate(at.getDate() + 1);
  return at.getTime();
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function startOfDay(atMs: number): number {
  const at = new Date(atMs);
  at.setHours(0, 0, 0, 0);
  return at.getTime();
}
