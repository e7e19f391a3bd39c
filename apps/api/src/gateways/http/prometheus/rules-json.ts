/** Rules and their alerts in Prometheus's JSON. */
import { printExpr } from '@opsroom/promql';
import type { RunningGroup } from '../../../rules/rules.service.js';
import { formatExponent } from './number-format.js';

type RuleState = RunningGroup['rules'][number];
type ActiveAlert = RuleState['active'] extends ReadonlyMap<string, infer A> ? A : never;

/** Go's zero time, for what has not happened yet. */
const NEVER = '0001-01-01T00:00:00Z';
const timeText = (ms: number): string => (ms === 0 ? NEVER : new Date(ms).toISOString());

export function groupJson(running: RunningGroup, rules: readonly object[]): object {
  const { group, lastEvaluationMs, durationMs } = running;
  return {
    name: group.name,
    file: group.file,
    rules,
    interval: group.intervalMs / 1000,
    limit: group.limit,
    evaluationTime: durationMs / 1000,
    lastEvaluation: timeText(lastEvaluationMs),
  };
}

export function ruleJson(state: RuleState, withAlerts: boolean): object {
  const { rule, health, lastError, lastEvaluationMs, durationMs, active } = state;
  const query = printExpr(rule.parsed);
  const run = {
    health,
    ...(lastError !== '' && { lastError }),
    evaluationTime: durationMs / 1000,
    lastEvaluation: timeText(lastEvaluationMs),
  };
  if (rule.kind === 'recording') return { name: rule.name, query, labels: rule.labels, ...run, type: 'recording' };
  return {
    state: worstState(active.values()),
    name: rule.name,
    query,
    duration: rule.forMs / 1000,
    keepFiringFor: rule.keepFiringForMs / 1000,
    labels: rule.labels,
    annotations: rule.annotations,
    alerts: withAlerts ? [...active.values()].map(alertJson) : [],
    ...run,
    type: 'alerting',
  };
}

export function alertJson(alert: ActiveAlert): object {
  return {
    labels: alert.labels.toObject(),
    annotations: alert.annotations,
    state: alert.state,
    activeAt: timeText(alert.activeAtMs),
    ...(alert.keptSinceMs !== undefined && { keepFiringSince: timeText(alert.keptSinceMs) }),
    value: formatExponent(alert.value),
  };
}

function worstState(alerts: Iterable<ActiveAlert>): 'inactive' | 'pending' | 'firing' {
  let state: 'inactive' | 'pending' = 'inactive';
  for (const alert of alerts) {
    if (alert.state === 'firing') return 'firing';
    state = 'pending';
  }
  return state;
}
