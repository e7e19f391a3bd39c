import { byCodePoint, type AlertView } from '@opsroom/contracts';
import { alertState, type AlertState } from '../format/severity.js';

const STATE_RANK: Record<AlertState, number> = { critical: 0, warning: 1, stale: 2, info: 3, pending: 6, resolved: 7 };
const TAKEN = 4;
const SUPPRESSED = 5;

/** Where an alert stands in a list: what nobody has yet comes first, by severity; then acknowledged, suppressed, pending, resolved. */
function alertRank(alert: AlertView): number {
  const rank = STATE_RANK[alertState(alert)];
  if (rank >= STATE_RANK.pending) return rank;
  if (alert.suppressedBy.length > 0) return SUPPRESSED;
  return alert.acknowledgement ? TAKEN : rank;
}

/** When the alert began to fire: one that was received, when its sender says it did. Undefined before. */
export const firedMs = (alert: AlertView): number | undefined =>
  alert.firedAtMs !== undefined && alert.origin.kind === 'received' ? alert.activeAtMs : alert.firedAtMs;

/** Since when the alert is in the condition that it shows. */
export const sinceMs = (alert: AlertView): number =>
  (alert.condition === 'resolved' ? alert.resolvedAtMs : firedMs(alert)) ?? alert.activeAtMs;

/** By rank, newest first, then by fingerprint so that equal ones never trade places. */
export function compareAlerts(a: AlertView, b: AlertView): number {
  const rank = alertRank(a) - alertRank(b);
  if (rank !== 0) return rank;
  const severity = STATE_RANK[alertState(a)] - STATE_RANK[alertState(b)];
  return severity || sinceMs(b) - sinceMs(a) || byCodePoint(a.fingerprint, b.fingerprint);
}

/** A list as it is shown: fingerprints from top to bottom, and how many alerts wait to be let in. */
export interface ShownOrder {
  readonly order: readonly string[];
  readonly waiting: number;
}

/**
 * The next order of a list. While `frozen` (a hand is near) every row keeps its place, even one that has left the
 * topic meanwhile, and new alerts wait; else the list is simply `sorted`.
 */
export function nextOrder(shown: readonly string[], sorted: readonly string[], frozen: boolean): ShownOrder {
  if (!frozen || shown.length === 0) return { order: sorted, waiting: 0 };
  const held = new Set(shown);
  return { order: shown, waiting: sorted.reduce((count, fingerprint) => count + (held.has(fingerprint) ? 0 : 1), 0) };
}

/** One group of rows under a label's value; without a label there is a single group with an empty title. */
export interface AlertGroup {
  readonly title: string;
  readonly alerts: readonly AlertView[];
}

/** Groups by a label, keeping the order of first appearance, so that a frozen list has frozen groups. */
export function groupAlerts(alerts: readonly AlertView[], label: string): AlertGroup[] {
  if (label === '') return alerts.length > 0 ? [{ title: '', alerts }] : [];
  const groups = new Map<string, AlertView[]>();
  for (const alert of alerts) {
    const title = alert.labels[label] ?? '';
    const group = groups.get(title);
    if (group) group.push(alert);
    else groups.set(title, [alert]);
  }
  return [...groups].map(([title, members]) => ({ title, alerts: members }));
}
