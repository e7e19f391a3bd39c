import type { AlertView } from '@opsroom/contracts';

/** Parts of a list that can be looked at alone. */
export const SHOWS = ['all', 'open', 'acknowledged', 'suppressed', 'pending', 'resolved'] as const;
export type Show = (typeof SHOWS)[number];

/** Which part an alert belongs to; `open` is what fires and nobody has. */
export function partOf(alert: AlertView): Exclude<Show, 'all'> {
  if (alert.condition === 'resolved' || alert.condition === 'inactive') return 'resolved';
  if (alert.condition === 'pending') return 'pending';
  if (alert.suppressedBy.length > 0) return 'suppressed';
  return alert.acknowledgement ? 'acknowledged' : 'open';
}

export const isShown = (alert: AlertView, show: Show): boolean => show === 'all' || partOf(alert) === show;

/** How many alerts each part has. */
export function countParts(alerts: Iterable<AlertView>): Record<Show, number> {
  const counts: Record<Show, number> = { all: 0, open: 0, acknowledged: 0, suppressed: 0, pending: 0, resolved: 0 };
  for (const alert of alerts) {
    counts.all++;
    counts[partOf(alert)]++;
  }
  return counts;
}

/** Alerts that wait for somebody: what the header counts. */
export const isOpen = (alert: AlertView): boolean => partOf(alert) === 'open';
