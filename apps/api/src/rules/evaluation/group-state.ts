import { type Labels, longestWindowMs } from '@opsroom/promql';
import type { AlertingRule, Evaluation } from '../../model/evaluation.js';
import type { AlertRule, Rule, RuleGroup } from '../files/rule-group.js';
import type { TemplateWorld } from './alert-template.js';
import type { RuleAlert, SelectedAlert } from './condition.js';
import {
  activeAlerts,
  alertSamples,
  conditionAlert,
  recordedSamples,
  type RuleSample,
  selectedAlerts,
  unchanged,
} from './evaluate-rule.js';
import type { QueryResult, RuleQuery, Sliced } from './rule-query.js';

/** What a rule's runs have left behind. */
export interface RuleState {
  readonly rule: Rule;
  health: 'ok' | 'err' | 'unknown';
  lastError: string;
  /** ms since 1970; 0 before the first run. */
  lastEvaluationMs: number;
  durationMs: number;
  nodata: boolean;
  active: ReadonlyMap<string, RuleAlert>;
  /** Series of its last run that gave any, by key: those that vanish end with a stale marker. */
  series: ReadonlyMap<string, Labels>;
  restored: boolean;
}

export const freshState = (rule: Rule): RuleState => ({
  rule,
  health: 'unknown',
  lastError: '',
  lastEvaluationMs: 0,
  durationMs: 0,
  nodata: false,
  active: new Map(),
  series: new Map(),
  restored: false,
});

/** What one run of one rule gives. */
export interface RuleOutcome {
  readonly samples: readonly RuleSample[];
  /** Series that ended with this run. */
  readonly stale: readonly Labels[];
  readonly evaluation: Evaluation | undefined;
}

export interface RunContext {
  readonly query: RuleQuery;
  readonly world: Omit<TemplateWorld, 'query' | 'nowMs'>;
  readonly monotonicMs: () => number;
  /** Since when an alert was active before a restart. */
  readonly restoredActiveAt: (rule: AlertRule, labels: Labels, atMs: number) => number | undefined;
  /** When the server started; absent where nothing came before. */
  readonly startedMs?: number;
}

/** Runs one rule at a time and keeps in `state` what the next run needs. Never throws: an error is part of the outcome. */
export function* runRule(group: RuleGroup, state: RuleState, atMs: number, context: RunContext): Sliced<RuleOutcome> {
  const { rule } = state;
  const startedMs = context.monotonicMs();
  try {
    return rule.kind === 'recording'
      ? yield* recording(group, state, rule, atMs, context)
      : yield* alerting(group, state, rule, atMs, context);
  } finally {
    state.lastEvaluationMs = atMs;
    state.durationMs = context.monotonicMs() - startedMs;
  }
}

function* recording(
  group: RuleGroup,
  state: RuleState,
  rule: Extract<Rule, { kind: 'recording' }>,
  atMs: number,
  context: RunContext,
): Sliced<RuleOutcome> {
  try {
    const result = yield* context.query.run(rule.parsed, rule.expr, atMs - group.queryOffsetMs);
    const samples = recordedSamples(rule, result, group.limit);
    succeeded(state, result);
    return { samples, stale: takeSeries(state, samples), evaluation: undefined };
  } catch (error) {
    failed(state, error);
    return { samples: [], stale: [], evaluation: undefined };
  }
}

function* alerting(
  group: RuleGroup,
  state: RuleState,
  rule: AlertRule,
  atMs: number,
  context: RunContext,
): Sliced<RuleOutcome> {
  const queryMs = atMs - group.queryOffsetMs;
  const world: TemplateWorld = {
    ...context.world,
    nowMs: atMs,
    query: (text) =>
      context.query.runText(text, queryMs).elements.map(({ labels, value }) => ({ labels: labels.toObject(), value })),
  };
  const settling = settlingAt(group, rule, atMs, context.startedMs);
  const restore =
    state.restored && !settling
      ? undefined
      : (labels: Labels): number | undefined => context.restoredActiveAt(rule, labels, atMs);
  const settle = (selected: readonly SelectedAlert[], nodata: boolean): RuleOutcome => {
    state.active = activeAlerts(rule, state.active, selected, atMs, group.limit, restore);
    state.restored = true;
    const samples = alertSamples(state.active);
    const elements = [...state.active.values()].map(({ labels, annotations, value, state: condition, activeAtMs }) => ({
      labels,
      annotations,
      value,
      condition,
      activeAtMs,
    }));
    const evaluation: Evaluation = {
      rule: alertingRule(group, rule),
      atMs,
      outcome: { kind: 'vector', elements, nodata },
      ...(settling && { settling }),
    };
    return { samples, stale: takeSeries(state, samples), evaluation };
  };
  try {
    const result = yield* context.query.run(rule.parsed, rule.expr, queryMs);
    let selected = selectedAlerts(rule, result, world);
    const nodata = selected.length === 0 && !result.readsSamples;
    if (nodata && rule.onNodata !== 'resolve') selected = unchanged(state.active);
    if (nodata && rule.onNodata === 'alert')
      selected = withCondition(selected, conditionAlert(rule, 'nodata', '', world));
    const outcome = settle(selected, nodata);
    succeeded(state, result);
    state.nodata = nodata;
    return outcome;
  } catch (error) {
    const message = failed(state, error);
    if (rule.onError === 'keep') {
      return {
        samples: [],
        stale: [],
        evaluation: { rule: alertingRule(group, rule), atMs, outcome: { kind: 'error', message } },
      };
    }
    const kept =
      rule.onError === 'alert'
        ? withCondition(unchanged(state.active), conditionAlert(rule, 'error', message, world))
        : [];
    try {
      return settle(kept, false);
    } catch (second) {
      const why = failed(state, second);
      return {
        samples: [],
        stale: [],
        evaluation: { rule: alertingRule(group, rule), atMs, outcome: { kind: 'error', message: why } },
      };
    }
  }
}

/**
 * After a start the windows of an expression still reach over the time that the server was down: what it does not select then says
 * little about alerts that were there before.
 */
function settlingAt(
  group: RuleGroup,
  rule: AlertRule,
  atMs: number,
  startedMs: number | undefined,
): Evaluation['settling'] {
  if (startedMs === undefined) return undefined;
  const settledMs = startedMs + longestWindowMs(rule.parsed) + 2 * group.intervalMs;
  return atMs < settledMs ? { startedMs } : undefined;
}

function withCondition(selected: readonly SelectedAlert[], added: SelectedAlert): SelectedAlert[] {
  return [...selected.filter((alert) => alert.labels.key !== added.labels.key), added];
}

/** The rule as alerts know it. */
export const alertingRule = (group: RuleGroup, rule: AlertRule): AlertingRule => ({
  id: rule.id,
  file: group.file,
  group: group.name,
  name: rule.name,
  expr: rule.expr,
  forMs: rule.forMs,
  keepFiringForMs: rule.keepFiringForMs,
  intervalMs: group.intervalMs,
});

function succeeded(state: RuleState, result: QueryResult): void {
  state.health = 'ok';
  state.lastError = '';
  state.nodata = !result.readsSamples && result.elements.length === 0;
}

function failed(state: RuleState, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  state.health = 'err';
  state.lastError = message;
  return message;
}

function takeSeries(state: RuleState, samples: readonly RuleSample[]): Labels[] {
  const next = new Map(samples.map(({ labels }) => [labels.key, labels]));
  const stale = [...state.series.entries()].filter(([key]) => !next.has(key)).map(([, labels]) => labels);
  state.series = next;
  return stale;
}
