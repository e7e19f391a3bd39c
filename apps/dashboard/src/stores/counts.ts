import type { AlertView, ServerStatus } from '@opsroom/contracts';
import { alertState, type AlertState } from '../format/severity.js';

/** What is wrong and what is well, in four figures. */
export interface Counts {
  readonly critical: number;
  readonly warning: number;
  readonly info: number;
  /** Alerting and recording rules that work and fire nothing. */
  readonly ok: number;
  /** Sources that have stopped, alerts without data, rules that cannot be evaluated. */
  readonly stale: number;
}

/** How many missed batches make a source stale. */
const MISSED = 3;

/** A source that was heard once and is overdue by three of its intervals, or says itself that it is down. */
export function isStale(source: ServerStatus['sources'][number], nowMs: number): boolean {
  if (source.health === 'down') return true;
  return (
    source.lastBatchMs > 0 && source.intervalMs > 0 && nowMs - source.lastBatchMs > MISSED * source.intervalMs + 2_000
  );
}

/** Counts firing alerts by severity; `ok` and `stale` need the server's status and are 0 without it. */
export function countsOf(alerts: Iterable<AlertView>, status: ServerStatus | null, nowMs: number): Counts {
  const found: Record<AlertState, number> = { critical: 0, warning: 0, info: 0, pending: 0, resolved: 0, stale: 0 };
  const firingRules = new Set<string>();
  for (const alert of alerts) {
    const state = alertState(alert);
    found[state]++;
    if (state !== 'resolved' && alert.origin.kind === 'rule') {
      firingRules.add(`${alert.origin.file}\n${alert.origin.group}\n${alert.labels.alertname ?? ''}`);
    }
  }
  const rules = (status?.rules ?? []).reduce((sum, group) => sum + group.rules, 0);
  const failing = (status?.rules ?? []).reduce((sum, group) => sum + group.failing, 0);
  const staleSources = (status?.sources ?? []).filter((source) => isStale(source, nowMs)).length;
  return {
    critical: found.critical,
    warning: found.warning,
    info: found.info,
    ok: Math.max(0, rules - failing - firingRules.size),
    stale: found.stale + staleSources + failing,
  };
}
