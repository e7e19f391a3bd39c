const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS = [
  ['d', DAY],
  ['h', HOUR],
  ['m', MINUTE],
  ['s', SECOND],
] as const;

/** A span in its two largest units, `2h 14m`, `41s`, `3d`; rounded down, below a second `0s`. Negative spans count as none. */
export function formatDuration(spanMs: number): string {
  const span = Math.max(0, spanMs);
  const first = UNITS.findIndex(([, size]) => span >= size);
  const large = UNITS[first];
  if (!large) return '0s';
  const count = Math.floor(span / large[1]);
  const small = UNITS[first + 1];
  const rest = small ? Math.floor((span - count * large[1]) / small[1]) : 0;
  return small && rest > 0 ? `${count}${large[0]} ${rest}${small[0]}` : `${count}${large[0]}`;
}

/** How old data is: tenths of a second while that can be seen to move, whole units after. */
export function formatAge(ageMs: number): string {
  const age = Math.max(0, ageMs);
  return age < 9_950
    ? `${(age / SECOND).toFixed(1)} s`
    : age < MINUTE
      ? `${Math.round(age / SECOND)} s`
      : formatDuration(age);
}

/** Reads `90s`, `5m`, `1h30m`, `2d`, `1w` into ms; undefined for anything else and for nothing. */
export function parseDuration(text: string): number | undefined {
  const sizes: Record<string, number> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };
  const compact = text.replaceAll(' ', '');
  if (!/^(\d+(ms|[smhdw]))+$/.test(compact)) return undefined;
  let total = 0;
  for (const [, count, unit] of compact.matchAll(/(\d+)(ms|[smhdw])/g))
    total += Number(count) * (sizes[unit ?? ''] ?? 0);
  return total > 0 ? total : undefined;
}
