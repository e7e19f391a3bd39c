import type { BackTestedRule, BackTestEpisode, LabelSet } from '@opsroom/contracts';
import { Labels, type EvaluationResult } from '@opsroom/promql';
import type { ConditionOptions } from '../evaluation/condition.js';
import { RuleError, selectedAlerts } from '../evaluation/evaluate-rule.js';
import type { AlertRule } from '../files/rule-group.js';

/** Episodes that are told; their number is told in full. */
const MAX_EPISODES = 200;

/** A firing period as steps; `to` is the step at which it would have been resolved, undefined when it fires on. */
export interface FiringSpan {
  readonly from: number;
  readonly to: number | undefined;
}

/**
 * When an alert would have fired, by whether the expression selected it at each step: the same as evaluating the rule at those
 * steps one after the other (`nextAlerts`).
 */
export function firingSpans(
  selected: (step: number) => boolean,
  steps: number,
  stepMs: number,
  options: ConditionOptions,
): FiringSpan[] {
  const spans: FiringSpan[] = [];
  let activeSince: number | undefined;
  let firedAt: number | undefined;
  let keptSince: number | undefined;
  for (let step = 0; step < steps; step++) {
    if (selected(step)) {
      activeSince ??= step;
      keptSince = undefined;
      if ((step - activeSince) * stepMs >= options.forMs) firedAt ??= step;
      continue;
    }
    if (firedAt !== undefined && options.keepFiringForMs > 0) {
      keptSince ??= step;
      if ((step - keptSince) * stepMs < options.keepFiringForMs) continue;
    }
    if (firedAt !== undefined) spans.push({ from: firedAt, to: step });
    activeSince = firedAt = keptSince = undefined;
  }
  if (firedAt !== undefined) spans.push({ from: firedAt, to: undefined });
  return spans;
}

/** What a rule would have done over the steps of its expression's result. Throws `RuleError` where the rule itself would. */
export function backTestedRule(rule: AlertRule, result: EvaluationResult): BackTestedRule {
  const { startMs, stepMs, steps } = result;
  const timeOf = (step: number): number => startMs + step * stepMs;
  const episodes: BackTestEpisode[] = [];
  const firing = new Uint8Array(steps);
  for (const { labels, values, present } of seriesOf(result)) {
    let alert: LabelSet | undefined;
    for (const { from, to } of firingSpans((step) => present[step] === 1, steps, stepMs, rule)) {
      firing.fill(1, from, to ?? steps);
      alert ??= alertLabels(rule, labels, values[from]);
      episodes.push({
        labels: alert,
        firedAtMs: timeOf(from),
        resolvedAtMs: to === undefined ? null : timeOf(to),
        value: shown(values[from]),
      });
    }
  }
  episodes.sort((a, b) => b.firedAtMs - a.firedAtMs);
  let firingSteps = 0;
  for (const one of firing) firingSteps += one;
  return {
    name: rule.name,
    expr: rule.expr,
    fired: episodes.length,
    firingMs: firingSteps * stepMs,
    episodes: episodes.slice(0, MAX_EPISODES),
  };
}

function seriesOf(result: EvaluationResult): readonly { labels: Labels; values: Float64Array; present: Uint8Array }[] {
  if (result.type === 'vector') return result.series;
  if (result.type === 'scalar')
    return [{ labels: Labels.empty, values: result.values, present: new Uint8Array(result.steps).fill(1) }];
  throw new RuleError(`rule result is not a vector or scalar but a ${result.type}`);
}

/** The alert's labels; templates in them see no other series, since the past is not there to be asked. */
function alertLabels(rule: AlertRule, labels: Labels, value: number): LabelSet {
  const world = { externalLabels: {}, externalUrl: '', nowMs: 0, query: () => [] };
  const [alert] = selectedAlerts(
    { ...rule, annotations: {} },
    { elements: [{ labels, value }], readsSamples: true },
    world,
  );
  return alert.labels.toObject();
}

function shown(value: number): BackTestEpisode['value'] {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
