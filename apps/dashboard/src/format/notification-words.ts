import type { NotificationEvent } from '@opsroom/contracts';

/** How an outcome is shown: shape, word and colour together. */
export interface OutcomeMark {
  readonly shape: string;
  readonly word: string;
  readonly color: string;
}

const OUTCOMES: Record<NotificationEvent['outcome'], OutcomeMark> = {
  queued: { shape: '→', word: 'queued', color: 'text-muted' },
  held_back: { shape: '⊘', word: 'held back', color: 'text-muted' },
  delivered: { shape: '✓', word: 'delivered', color: 'text-ok' },
  failed: { shape: '◆', word: 'failed', color: 'text-warning' },
  given_up: { shape: '▲', word: 'given up', color: 'text-critical' },
};

const REASONS: Record<string, string> = {
  silenced: 'a silence matches it',
  inhibited: 'another alert inhibits it',
  acknowledged: 'somebody has it',
  muted_by_time_interval: 'in a mute time',
  outside_active_time_intervals: 'outside the active times',
  nothing_left: 'no alert was left to tell of',
  nothing_new: 'nothing new since the last one',
  first_notification: 'first of its group',
  new_alerts: 'new alerts in the group',
  resolved: 'resolved',
  reminder: 'reminder: acknowledged and still firing',
  repeat_interval_passed: 'still firing after the repeat interval',
};

export const outcomeMark = (outcome: NotificationEvent['outcome']): OutcomeMark => OUTCOMES[outcome];

/** Why it was decided so. A reason of a newer server is shown as it is, in words. */
export const reasonWords = (reason: string): string => REASONS[reason] ?? reason.replaceAll('_', ' ');

/**
 * What a history entry of a notification that was held back says, `storage/email/0: silenced: <id of the silence>`, for
 * people: `storage, email: a silence matches it`. Other texts are shown as they are.
 */
export function heldBackWords(detail: string): string {
  const parts = /^(.+)\/(\w+)\/(\d+): (\w+): (.*)$/s.exec(detail);
  if (!parts) return detail;
  const [, receiver, kind, index, reason = '', by = ''] = parts;
  const notifier = index === '0' ? kind : `${kind} ${Number(index) + 1}`;
  return `${receiver}, ${notifier}: ${heldBy(reason, by)}`;
}

/** A reason with a name where it is one for people; ids say nothing to them. */
function heldBy(reason: string, by: string): string {
  switch (reason) {
    case 'acknowledged':
      return `${by} has it`;
    case 'muted_by_time_interval':
      return `muted in ${by}`;
    case 'outside_active_time_intervals':
      return `muted outside ${by}`;
    default:
      return reasonWords(reason);
  }
}

/** A notifier's id, `on-call/webhook/1`, as people count: `webhook 2`; without a number where there is only one of its kind. */
export function notifierName(id: string, siblings: readonly string[] = []): string {
  const [index = '', kind = id] = id.split('/').reverse();
  const alike = siblings.filter((other) => other.split('/').at(-2) === kind).length;
  return alike === 1 || !/^\d+$/.test(index) ? kind : `${kind} ${Number(index) + 1}`;
}

/** The labels in a group's key, `{}/{team="x"}:{alertname="Down"}`; `all alerts` where it groups by none. */
export function groupName(groupKey: string): string {
  const labels = /^(?:"(?:[^"\\]|\\.)*"|[^"])*?\}:\{(.*)\}$/s.exec(groupKey)?.[1] ?? '';
  return labels === '' ? 'all alerts' : labels;
}
