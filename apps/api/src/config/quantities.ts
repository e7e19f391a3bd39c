/** Durations and sizes as Prometheus writes them in its configuration. */

const DURATION =
  /^(?:(?<y>\d+)y)?(?:(?<w>\d+)w)?(?:(?<d>\d+)d)?(?:(?<h>\d+)h)?(?:(?<m>\d+)m)?(?:(?<s>\d+)s)?(?:(?<ms>\d+)ms)?$/;

const UNITS: readonly (readonly [unit: string, ms: number])[] = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/**
 * Reads `1h30m`, `90s`, `15d`, `0` into ms; undefined for anything else. Units descend, each at most once, no fractions
 * (Prometheus's `model.ParseDuration`).
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const groups = text === '' ? undefined : DURATION.exec(text)?.groups;
  if (!groups) return undefined;
  let ms = 0;
  for (const [unit, unitMs] of UNITS) ms += Number(groups[unit] ?? 0) * unitMs;
  return ms;
}

/** Prints ms as Prometheus does: the largest units first, years and weeks only where nothing is left over; 0 is `0s`. */
export function printDuration(ms: number): string {
  if (ms === 0) return '0s';
  let rest = ms;
  let text = '';
  for (const [unit, unitMs] of UNITS) {
    const whole = unit === 'y' || unit === 'w';
    if (rest < unitMs || (whole && rest % unitMs !== 0)) continue;
    text += `${Math.floor(rest / unitMs)}${unit}`;
    rest %= unitMs;
  }
  return text;
}

const SIZE = /^(?<number>\d+(?:\.\d+)?)\s?(?<unit>[KMGTPE]i?)?B?$/;
const POWERS = 'KMGTPE';

/**
 * Reads `10GB`, `512MiB`, `0` into bytes; undefined for anything else. As with Prometheus's own sizes every unit is a power
 * of 1024, with the `i` and without.
 */
export function parseSize(text: string): number | undefined {
  const groups = SIZE.exec(text)?.groups;
  if (!groups) return undefined;
  const power = groups.unit === undefined ? 0 : POWERS.indexOf(groups.unit.charAt(0)) + 1;
  return Math.round(Number(groups.number) * 1024 ** power);
}

/** Prints bytes in the largest unit that divides them. */
export function printSize(bytes: number): string {
  let power = 0;
  let rest = bytes;
  while (power < POWERS.length && rest !== 0 && rest % 1024 === 0) {
    rest /= 1024;
    power++;
  }
  return power === 0 ? `${rest}B` : `${rest}${POWERS.charAt(power - 1)}iB`;
}
