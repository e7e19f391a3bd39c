import type { AlertOutcome, AlertView, LabelSet, SilenceView } from '@opsroom/contracts';
import { fromWire } from '@opsroom/contracts';
import { thresholdOf } from './threshold.js';
import { formatMoment } from './time.js';
import { formatValue, unitOfExpression } from './units.js';

export const alertName = (alert: AlertView): string => alert.labels.alertname ?? 'alert without a name';

/** Labels that tell one alert of a name from another, `instance` first; alertname and severity have places of their own. */
export function tellingLabels(labels: LabelSet): [string, string][] {
  return Object.entries(labels)
    .filter(([name]) => name !== 'alertname' && name !== 'severity')
    .sort(([a], [b]) => Number(b === 'instance') - Number(a === 'instance') || (a < b ? -1 : 1));
}

/** What was measured against what, `87 % > 80 %`; only the value where the rule has no plain threshold. */
export function measuredText(alert: AlertView): string {
  if (alert.value === null) return '';
  const value = fromWire(alert.value);
  if (alert.origin.kind !== 'rule') return formatValue(value);
  const threshold = thresholdOf(alert.origin.expr);
  const unit = unitOfExpression(threshold?.measured ?? alert.origin.expr);
  if (!threshold) return formatValue(value, unit);
  // "0 == 0" tells nobody anything: that it is 0 does.
  if (threshold.operator === '==') return `is ${formatValue(value, unit)}`;
  const operator = threshold.operator === '!=' ? 'is not' : threshold.operator;
  return `${formatValue(value, unit)} ${operator} ${formatValue(threshold.value, unit)}`;
}

/** The sentence that the rule's author wrote for people. */
export const summaryOf = (alert: AlertView): string =>
  alert.annotations.summary ??
  alert.annotations.title ??
  alert.annotations.description ??
  alert.annotations.message ??
  '';

/** Who has the alert and for how long, `ana until 09:00`. */
export function heldText(alert: AlertView, nowMs: number): string {
  const held = alert.acknowledgement;
  if (!held) return '';
  const until = held.untilMs === undefined ? '' : ` until ${formatMoment(held.untilMs, nowMs)}`;
  return `${held.by}${until}${held.untilWorse ? ' until it gets worse' : ''}`;
}

/** What the reasons of a suppression are looked up in. */
export interface SuppressionReasons {
  readonly silences: readonly SilenceView[];
  readonly alerts: ReadonlyMap<string, AlertView>;
  readonly nowMs: number;
}

/**
 * Why nobody is told about an alert: `silenced until 18:05: Backups are moved`, `inhibited by HostDown web-1`,
 * `muted in weekends`; empty when it is not suppressed. Of several silences the last to end is named, since it decides.
 */
export function suppressionText(alert: AlertView, { silences, alerts, nowMs }: SuppressionReasons): string {
  const ids = new Set(alert.suppressedBy.flatMap((by) => (by.kind === 'silence' ? [by.silenceId] : [])));
  const sources = new Set(alert.suppressedBy.flatMap((by) => (by.kind === 'inhibition' ? [by.bySource] : [])));
  const [silence] = silences.filter(({ id }) => ids.has(id)).sort((x, y) => y.endsAtMs - x.endsAtMs);
  const until = silence ? ` until ${formatMoment(silence.endsAtMs, nowMs)}: ${silence.comment}` : '';
  const inhibited = [...sources].map((source) => {
    const by = alerts.get(source);
    return `inhibited by ${by ? [alertName(by), tellingLabels(by.labels)[0]?.[1]].filter(Boolean).join(' ') : source}`;
  });
  const muted = alert.suppressedBy.flatMap((by) => {
    if (by.kind === 'mute_time') return [`muted in ${by.intervals.join(', ')}`];
    return by.kind === 'active_time' ? [`muted outside ${by.intervals.join(', ')}`] : [];
  });
  return [...(ids.size > 0 ? [`silenced${until}`] : []), ...inhibited, ...muted].join(', ');
}

/** What became of an act on several alerts, in one sentence; `done` is its past form, such as `acknowledged`. */
export function outcomeText(outcomes: readonly AlertOutcome[], alerts: readonly AlertView[], done: string): string {
  const names = new Map(alerts.map((alert) => [alert.fingerprint, alertName(alert)]));
  const count = outcomes.filter((outcome) => outcome.done).length;
  const first = outcomes[0];
  const name = names.get(first?.fingerprint ?? '') ?? 'The alert';
  const failed = outcomes.filter((outcome) => !outcome.done);
  if (failed.length === 0) return outcomes.length === 1 ? `${name} ${done}` : `${count} alerts ${done}`;
  const why = failed.map((outcome) => reasonText(outcome));
  const reasons = [...new Set(why)].join('; ');
  return outcomes.length === 1 ? `${name}: ${reasons}` : `${count} of ${outcomes.length} alerts ${done}; ${reasons}`;
}

/** What became of the link in a message to `receiver`, in sentences for whoever pressed its button. */
export function linkOutcomeText(outcome: AlertOutcome, receiver: string): string {
  if (outcome.done) return `Acknowledged for ${receiver}. Nobody is notified again while it lasts.`;
  switch (outcome.reason) {
    case 'already_acknowledged':
      return `${outcome.winner ?? 'Somebody else'} was first and has it. You need do nothing.`;
    case 'episode_over':
      return 'It has resolved meanwhile. There is nothing left to acknowledge.';
    default:
      return `Not acknowledged: ${reasonText(outcome)}.`;
  }
}

function reasonText(outcome: AlertOutcome): string {
  switch (outcome.reason) {
    case 'already_acknowledged':
      return `${outcome.winner ?? 'somebody else'} already has it`;
    case 'not_acknowledged':
      return 'nobody had acknowledged it';
    case 'episode_over':
      return 'it has resolved meanwhile';
    default:
      return 'it is gone';
  }
}
