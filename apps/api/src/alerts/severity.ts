import { byCodePoint, type LabelSet } from '@opsroom/contracts';

/** The label that says how bad an alert is. */
export const SEVERITY = 'severity';

const RANKS: ReadonlyMap<string, number> = new Map([
  ...['none', 'debug', 'ok'].map((name) => [name, 0] as const),
  ...['info', 'informational', 'notice', 'low'].map((name) => [name, 1] as const),
  ...['warning', 'warn', 'minor', 'medium', 'average'].map((name) => [name, 2] as const),
  ...['error', 'major', 'high'].map((name) => [name, 3] as const),
  ...['critical', 'crit', 'page', 'fatal'].map((name) => [name, 4] as const),
  ...['emergency', 'disaster'].map((name) => [name, 5] as const),
]);

/** Whether `a` is a higher severity than `b`; unknown words are not comparable. */
export function isWorse(a: string | undefined, b: string | undefined): boolean {
  const rankA = RANKS.get((a ?? '').toLowerCase());
  const rankB = RANKS.get((b ?? '').toLowerCase());
  return rankA !== undefined && rankB !== undefined && rankA > rankB;
}

/** Equal for alerts that differ in nothing but their severity; undefined for one without severity. */
export function kinKey(labels: LabelSet): string | undefined {
  if (labels[SEVERITY] === undefined) return undefined;
  const names = Object.keys(labels)
    .filter((name) => name !== SEVERITY)
    .sort(byCodePoint);
  return JSON.stringify(names.map((name) => [name, labels[name]]));
}
