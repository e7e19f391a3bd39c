import type { AlertView } from '@opsroom/contracts';
import type { Group } from '../grouping/groups.js';
import type { Muting } from '../../routing/routing.js';
import type { LogEntry } from './log-entry.js';

/** Why an alert, or a whole notification, is sent or held back. */
export type Reason =
  // held back, one alert
  | 'silenced'
  | 'inhibited'
  | 'acknowledged'
  // held back, all of it
  | 'muted_by_time_interval'
  | 'outside_active_time_intervals'
  | 'nothing_left'
  | 'nothing_new'
  // sent
  | 'first_notification'
  | 'new_alerts'
  | 'resolved'
  | 'reminder'
  | 'repeat_interval_passed';

export interface Held {
  readonly alert: AlertView;
  readonly reason: Reason;
  /** Silence id, fingerprint of the inhibiting alert, account name, names of time intervals. */
  readonly by: string;
}

export interface Decision {
  readonly send: boolean;
  readonly reason: Reason;
  readonly firing: readonly AlertView[];
  readonly resolved: readonly AlertView[];
  readonly held: readonly Held[];
}

/** Everything that a decision is made from. */
export interface DecisionInput {
  readonly group: Group;
  readonly nowMs: number;
  /** What mutes the group's route now. */
  readonly muting: Muting | undefined;
  /** The last notification of this group to this notifier. */
  readonly last: LogEntry | undefined;
  readonly sendResolved: boolean;
  /** Acknowledged alerts whose time for a reminder has come, by fingerprint. */
  readonly remind: ReadonlySet<string>;
}

interface Draft extends DecisionInput {
  firing: AlertView[];
  resolved: AlertView[];
  held: Held[];
}

/** A stage narrows the draft, or ends it with a reason. */
type Stage = (draft: Draft) => { readonly send: boolean; readonly reason: Reason } | undefined;

/** The pipeline, in order. Each stage sees what the ones before it have left. */
const STAGES: readonly Stage[] = [muteTimes, inhibition, silence, acknowledgement, deduplication];

/** Decides about one flush of one group to one notifier. Pure: the same input gives the same decision. */
export function decide(input: DecisionInput): Decision {
  const alerts = [...input.group.alerts.values()];
  const draft: Draft = {
    ...input,
    firing: alerts.filter((alert) => alert.condition === 'firing'),
    resolved: alerts.filter((alert) => alert.condition === 'resolved'),
    held: [],
  };
  for (const stage of STAGES) {
    const verdict = stage(draft);
    if (verdict) return { ...verdict, firing: draft.firing, resolved: draft.resolved, held: draft.held };
  }
  throw new Error('the last stage of the pipeline always decides');
}

function muteTimes({ muting, firing, held }: Draft): ReturnType<Stage> {
  if (!muting) return undefined;
  const reason = muting.kind === 'mute_time' ? 'muted_by_time_interval' : 'outside_active_time_intervals';
  held.push(...firing.map((alert) => ({ alert, reason, by: muting.intervals.join(', ') }) as const));
  return { send: false, reason };
}

function inhibition(draft: Draft): undefined {
  holdBack(draft, 'inhibited', (alert) => {
    const found = alert.suppressedBy.find((suppression) => suppression.kind === 'inhibition');
    return found?.kind === 'inhibition' ? found.bySource : undefined;
  });
}

function silence(draft: Draft): undefined {
  holdBack(draft, 'silenced', (alert) => {
    const found = alert.suppressedBy.find((suppression) => suppression.kind === 'silence');
    return found?.kind === 'silence' ? found.silenceId : undefined;
  });
}

/** Somebody has it: its firing is not told again, but for reminders. Its end is told to those who heard of it. */
function acknowledgement(draft: Draft): undefined {
  holdBack(draft, 'acknowledged', (alert) =>
    alert.condition === 'firing' && !draft.remind.has(alert.fingerprint) ? alert.acknowledgement?.by : undefined,
  );
}

/** Alertmanager's rule: something fires that was not told, or has resolved that was, or the repeat interval has passed. */
function deduplication({ firing, resolved, held, last, sendResolved, remind, group, nowMs }: Draft): ReturnType<Stage> {
  if (firing.length === 0 && (resolved.length === 0 || !sendResolved)) return { send: false, reason: 'nothing_left' };
  if (!last)
    return firing.length > 0 ? { send: true, reason: 'first_notification' } : { send: false, reason: 'nothing_left' };
  if (firing.some((alert) => !last.firing.has(episodeOf(alert)))) return { send: true, reason: 'new_alerts' };
  const told = resolved.filter((alert) => last.firing.has(episodeOf(alert)));
  if (sendResolved && told.length > 0) {
    // While others of the group fire, or are held back, the end of some is news too; each is told once.
    if (told.some((alert) => !last.resolved.has(episodeOf(alert)))) return { send: true, reason: 'resolved' };
  }
  if (firing.some((alert) => remind.has(alert.fingerprint))) return { send: true, reason: 'reminder' };
  const repeats = firing.length > 0 && nowMs - last.sentMs >= group.route.repeatIntervalMs;
  if (repeats) return { send: true, reason: 'repeat_interval_passed' };
  return { send: false, reason: firing.length === 0 && held.length === 0 ? 'nothing_left' : 'nothing_new' };
}

/** Identity of an alert in the log: a new episode is news. */
export function episodeOf(alert: AlertView): string {
  return `${alert.fingerprint}/${alert.episode}`;
}

function holdBack(draft: Draft, reason: Reason, by: (alert: AlertView) => string | undefined): void {
  const keep = (alert: AlertView): boolean => {
    const holder = by(alert);
    if (holder !== undefined) draft.held.push({ alert, reason, by: holder });
    return holder === undefined;
  };
  draft.firing = draft.firing.filter(keep);
  draft.resolved = draft.resolved.filter(keep);
}
