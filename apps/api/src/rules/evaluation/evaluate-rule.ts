import { type FloatHistogram, Labels } from '@opsroom/promql';
import { type AlertRule, POLICY_ANNOTATIONS, type RecordingRule } from '../files/rule-group.js';
import { expander, type TemplateWorld } from './alert-template.js';
import { nextAlerts, type RuleAlert, type SelectedAlert } from './condition.js';
import type { QueryResult } from './rule-query.js';

/** A sample that a rule gives, at the time of its evaluation. */
export interface RuleSample {
  readonly labels: Labels;
  readonly value: number;
  /** There for a native histogram; `value` then means nothing. */
  readonly histogram?: FloatHistogram;
}

/** The rule's result cannot be used. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
}

const POLICY_NAMES: ReadonlySet<string> = new Set(Object.values(POLICY_ANNOTATIONS));

/** The series of a recording rule: the result under the rule's name and labels. Throws `RuleError`. */
export function recordedSamples(rule: RecordingRule, result: QueryResult, limit: number): RuleSample[] {
  const seen = new Set<string>();
  const samples = result.elements.map(({ labels, value, histogram }) => {
    const named = Labels.from({ ...labels.toObject(), ...rule.labels, __name__: rule.name });
    if (seen.has(named.key))
      throw new RuleError('vector contains metrics with the same labelset after applying rule labels');
    seen.add(named.key);
    return histogram ? { labels: named, value, histogram } : { labels: named, value };
  });
  if (limit > 0 && samples.length > limit)
    throw new RuleError(`exceeded limit of ${limit} with ${samples.length} series`);
  return samples;
}

/** What an alerting rule selects, with labels and annotations expanded. Throws `RuleError`. */
export function selectedAlerts(rule: AlertRule, result: QueryResult, world: TemplateWorld): SelectedAlert[] {
  const seen = new Set<string>();
  return result.elements.map(({ labels, value }) => {
    const expand = expander(world, labels.toObject(), value);
    const set: Record<string, string> = { ...labels.withoutName().toObject() };
    for (const [name, template] of Object.entries(rule.labels)) set[name] = expand(`__alert_${rule.name}`, template);
    set.alertname = rule.name;
    const alert = Labels.from(set);
    if (seen.has(alert.key))
      throw new RuleError('vector contains metrics with the same labelset after applying alert labels');
    seen.add(alert.key);
    return { labels: alert, annotations: expandAnnotations(rule, expand), value };
  });
}

function expandAnnotations(rule: AlertRule, expand: (name: string, text: string) => string): Record<string, string> {
  const annotations: Record<string, string> = {};
  for (const [name, template] of Object.entries(rule.annotations)) {
    if (!POLICY_NAMES.has(name)) annotations[name] = expand(`__alert_${rule.name}`, template);
  }
  return annotations;
}

/** The alert that says that a rule reads no data or fails, for rules that ask for it. */
export function conditionAlert(
  rule: AlertRule,
  condition: 'nodata' | 'error',
  detail: string,
  world: TemplateWorld,
): SelectedAlert {
  const expand = expander(world, {}, NaN);
  const set: Record<string, string> = { alertname: rule.name, opsroom_condition: condition };
  for (const [name, template] of Object.entries(rule.labels)) set[name] = template.includes('{{') ? '' : template;
  return {
    labels: Labels.from(set),
    annotations: {
      ...expandAnnotations(rule, expand),
      summary: condition === 'nodata' ? `${rule.name} reads no data` : `${rule.name} cannot be evaluated: ${detail}`,
    },
    value: NaN,
  };
}

/** The alerts that stay as they are, taken as selected again. */
export const unchanged = (active: ReadonlyMap<string, RuleAlert>): SelectedAlert[] => [...active.values()];

/** Applies `for`, `keep_firing_for` and the group's limit. Throws `RuleError`. */
export function activeAlerts(
  rule: AlertRule,
  active: ReadonlyMap<string, RuleAlert>,
  selected: readonly SelectedAlert[],
  atMs: number,
  limit: number,
  restoredActiveAt?: (labels: Labels) => number | undefined,
): Map<string, RuleAlert> {
  const next = nextAlerts(active, selected, atMs, rule, restoredActiveAt);
  if (limit > 0 && next.size > limit) throw new RuleError(`exceeded limit of ${limit} with ${next.size} alerts`);
  return next;
}

/** ALERTS and ALERTS_FOR_STATE of the active alerts. */
export function alertSamples(active: ReadonlyMap<string, RuleAlert>): RuleSample[] {
  const samples: RuleSample[] = [];
  for (const alert of active.values()) {
    samples.push({ labels: stateLabels(alert), value: 1 });
    samples.push({
      labels: alert.labels.with('__name__', 'ALERTS_FOR_STATE'),
      value: Math.floor(alert.activeAtMs / 1000),
    });
  }
  return samples;
}

const stateLabels = (alert: RuleAlert): Labels =>
  Labels.from({ ...alert.labels.toObject(), __name__: 'ALERTS', alertstate: alert.state });
