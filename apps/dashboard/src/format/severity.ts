import type { AlertView, LabelSet } from '@opsroom/contracts';

/** How much an alert matters while it fires; read from its `severity` label. */
export type Severity = 'critical' | 'warning' | 'info';

const CRITICAL = new Set(['critical', 'crit', 'page', 'error', 'high', 'fatal', 'emergency', 'disaster']);
const INFO = new Set(['info', 'information', 'informational', 'low', 'notice', 'none', 'debug', 'ok']);

/** An alert that does not say how severe it is counts as a warning: better seen than lost. */
export function severityOf(labels: LabelSet): Severity {
  const word = (labels.severity ?? labels.priority ?? '').toLowerCase();
  return CRITICAL.has(word) ? 'critical' : INFO.has(word) ? 'info' : 'warning';
}

/** What one row shows as its state: the severity while it fires, else the condition. */
export type AlertState = Severity | 'pending' | 'resolved' | 'stale';

/** An alert whose rule cannot be evaluated, or sees no data, is not known to fire any more: it is stale. */
export function alertState(alert: Pick<AlertView, 'condition' | 'labels' | 'origin'>): AlertState {
  if (alert.condition === 'resolved' || alert.condition === 'inactive') return 'resolved';
  if (alert.origin.kind === 'rule' && (alert.origin.health === 'nodata' || alert.origin.health === 'error'))
    return 'stale';
  return alert.condition === 'pending' ? 'pending' : severityOf(alert.labels);
}
