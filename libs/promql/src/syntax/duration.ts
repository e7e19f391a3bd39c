/**
 * Prometheus's duration notation: whole numbers with the units y, w, d, h, m, s, ms in that order, each at most once.
 * A year has 365 days, a week seven.
 */
const UNITS: readonly (readonly [unit: string, ms: number, exactOnly: boolean])[] = [
  ['y', 365 * 86_400_000, true],
  ['w', 7 * 86_400_000, true],
  ['d', 86_400_000, false],
  ['h', 3_600_000, false],
  ['m', 60_000, false],
  ['s', 1000, false],
  ['ms', 1, false],
];

const PATTERN = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Prometheus keeps durations as 64-bit nanoseconds, about 292 years. */
export const MAX_DURATION_MS = 9_223_372_036_854;

/** ms of `1h30m`; a plain `0` is allowed. Throws RangeError with Prometheus's words when it is not a duration. */
export function parseDuration(text: string): number {
  const ms = tryParseDuration(text);
  if (ms === undefined) {
    throw new RangeError(
      text === '' ? 'empty duration string' : `not a valid duration string: ${JSON.stringify(text)}`,
    );
  }
  if (ms > MAX_DURATION_MS) throw new RangeError('duration out of range');
  return ms;
}

/** Like parseDuration, but undefined when the text is not a duration, and without the upper bound. */
export function tryParseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (text === '') return undefined;
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  let ms = 0;
  UNITS.forEach(([, unitMs], i) => {
    if (match[i + 1] !== undefined) ms += Number(match[i + 1]) * unitMs;
  });
  return ms;
}

/**
 * The shortest form that Prometheus prints: `1h30m`, `90061ms` as `1m30s61ms`, `0s`. Years and weeks appear only when
 * they come out even. Fractions of a ms are cut off; a negative duration starts with `-`.
 */
export function printDuration(durationMs: number): string {
  let rest = Math.trunc(Math.abs(durationMs));
  if (rest === 0) return '0s';
  let text = durationMs < 0 ? '-' : '';
  for (const [unit, unitMs, exactOnly] of UNITS) {
    if (exactOnly && rest % unitMs !== 0) continue;
    const count = Math.floor(rest / unitMs);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * unitMs;
  }
  return text;
}
