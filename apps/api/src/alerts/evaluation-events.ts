import type { AlertOrigin, RuleHealth } from '@opsroom/contracts';
import type { Evaluation } from '../model/evaluation.js';
import type { AlertBook } from './alert-book.js';
import type { AlertState } from './alert-state.js';
import type { LifecycleEvent } from './lifecycle.js';

/**
 * What one run of a rule means for its alerts: those it selects are observed, its other active ones are absent. After an error
 * all of them stay as they are, marked with the rule's health.
 */
export function* evaluationEvents(
  evaluation: Evaluation,
  book: Pick<AlertBook, 'activeOf' | 'get'>,
): Iterable<{ fingerprint: string; event: LifecycleEvent }> {
  const { rule, atMs, outcome, settling } = evaluation;
  /** It fired before the start, and this evaluation cannot tell that it has ended. */
  const stands = (state: AlertState | undefined): boolean =>
    settling !== undefined && state?.condition === 'firing' && (state.firedAtMs ?? Infinity) < settling.startedMs;
  const origin = (health: RuleHealth): AlertOrigin => ({
    kind: 'rule',
    file: rule.file,
    group: rule.group,
    expr: rule.expr,
    health,
  });
  if (outcome.kind === 'error') {
    const failed = origin('error');
    for (const fingerprint of [...book.activeOf(rule.id)]) {
      const state = book.get(fingerprint);
      if (!state || state.condition === 'resolved' || state.condition === 'inactive') continue;
      const { condition } = state;
      yield {
        fingerprint,
        event: { kind: 'observed', atMs: state.evaluatedMs, observation: { ...state, condition, origin: failed } },
      };
    }
    return;
  }
  const shared = origin(outcome.nodata ? 'nodata' : 'ok');
  const seen = new Set<string>();
  for (const element of outcome.elements) {
    const { fingerprint } = element.labels;
    seen.add(fingerprint);
    const known = book.get(fingerprint);
    yield {
      fingerprint,
      event: {
        kind: 'observed',
        atMs,
        observation: {
          fingerprint,
          labels: known?.labels ?? element.labels.toObject(),
          annotations: element.annotations,
          origin: shared,
          ruleId: rule.id,
          condition: stands(known) ? 'firing' : element.condition,
          value: element.value,
          activeAtMs: element.activeAtMs,
        },
      },
    };
  }
  for (const fingerprint of [...book.activeOf(rule.id)]) {
    if (!seen.has(fingerprint) && !stands(book.get(fingerprint)))
      yield { fingerprint, event: { kind: 'absent', atMs } };
  }
}
