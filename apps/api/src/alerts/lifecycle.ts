import type { AlertOrigin, Condition, LabelSet } from '@opsroom/contracts';
import type { AlertState, Change, EpisodeMemory, LifecyclePolicy, Step } from './alert-state.js';
import { acknowledge, assign, lapse, unacknowledge } from './people-axis.js';

/** What an evaluation or a sender says about one alert. */
export interface Observation {
  readonly fingerprint: string;
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly origin: AlertOrigin;
  readonly ruleId: string;
  readonly condition: 'pending' | 'firing';
  readonly value: number;
  readonly activeAtMs: number;
  readonly expiresMs?: number;
}

export type LifecycleEvent =
  | { readonly kind: 'observed'; readonly atMs: number; readonly observation: Observation }
  /** It is not active any more. `endedMs` where the sender says when that was. */
  | { readonly kind: 'absent'; readonly atMs: number; readonly endedMs?: number }
  | {
      readonly kind: 'acknowledge';
      readonly atMs: number;
      readonly by: string;
      readonly episode: string;
      readonly note: string;
      readonly untilMs?: number;
      readonly untilWorse?: boolean;
      readonly takeOver?: boolean;
    }
  | { readonly kind: 'unacknowledge'; readonly atMs: number; readonly by: string; readonly episode: string }
  | {
      readonly kind: 'assign';
      readonly atMs: number;
      readonly by: string;
      readonly episode: string;
      readonly assignee: string | null;
    }
  /** The same alert fires with a higher severity. */
  | { readonly kind: 'worsened'; readonly atMs: number; readonly severity: string }
  | { readonly kind: 'tick'; readonly atMs: number };

/**
 * The life of an alert, as a pure function of its state and one event. Two axes: the condition belongs to the rule (or the
 * sender), the acknowledgement to people. `-` is no alert.
 *
 * Condition:
 *
 * | from     | event                     | to       | episode                 | history          |
 * |----------|---------------------------|----------|-------------------------|------------------|
 * | -        | observed pending          | pending  | none                    | pending          |
 * | -        | observed firing           | firing   | new                     | fired            |
 * | pending  | observed pending          | pending  | none                    |                  |
 * | pending  | observed firing           | firing   | new                     | fired            |
 * | pending  | observed firing, flapping | firing   | the one before, flaps+1 | flapped          |
 * | pending  | absent                    | -        |                         | dropped          |
 * | firing   | observed firing           | firing   | same                    |                  |
 * | firing   | observed pending          | firing   | same                    |                  |
 * | firing   | absent                    | resolved | same                    | resolved         |
 * | firing   | tick after expiry         | resolved | same                    | resolved         |
 * | resolved | observed pending          | pending  | none                    | pending          |
 * | resolved | observed firing           | firing   | new                     | fired            |
 * | resolved | observed firing, flapping | firing   | same, flaps+1           | flapped          |
 * | resolved | absent                    | resolved | same                    |                  |
 * | resolved | tick after retention      | -        |                         |                  |
 *
 * A firing alert that is observed as pending stays firing: its rule has lost its `for` state, not the alert its condition.
 *
 * Acknowledgement (only the episode that the request names, and only while it fires):
 *
 * | condition | held by  | event                        | then        | history                 |
 * |-----------|----------|------------------------------|-------------|-------------------------|
 * | firing    | nobody   | acknowledge                  | held        | acknowledged            |
 * | firing    | same     | acknowledge                  | held, new terms | acknowledged        |
 * | firing    | other    | acknowledge                  | refused: already_acknowledged, winner | |
 * | firing    | other    | acknowledge, take over       | held        | taken_over              |
 * | other     | any      | acknowledge, unacknowledge, assign | refused: episode_over |            |
 * | firing    | anybody  | unacknowledge                | nobody      | unacknowledged          |
 * | firing    | nobody   | unacknowledge                | refused: not_acknowledged |           |
 * | firing    | anybody  | tick after untilMs           | nobody      | acknowledgement_expired |
 * | firing    | anybody, until worse | worsened         | nobody      | worsened                |
 * | firing    | anybody  | tick after reminderMs        | held        | reminded                |
 * | firing    | any      | assign                       | assigned    | assigned, unassigned    |
 *
 * A new episode begins without acknowledgement and assignee; one that a flapping alert takes up again keeps both.
 * @param newEpisode names an episode; called only where the table says `new`.
 */
export function advance(
  state: AlertState | undefined,
  event: LifecycleEvent,
  policy: LifecyclePolicy,
  newEpisode: () => string,
): Step {
  switch (event.kind) {
    case 'observed':
      return observed(state, event.observation, event.atMs, policy, newEpisode);
    case 'absent':
      return absent(state, event.endedMs ?? event.atMs, event.atMs, policy);
    case 'tick':
      return tick(state, event.atMs, policy);
    case 'worsened':
      return state?.condition === 'firing' && state.acknowledgement?.untilWorse
        ? lapse(state, 'worsened', `severity rose to ${event.severity}`)
        : { state };
    default:
      if (state?.condition !== 'firing' || state.episode !== event.episode) return { refused: 'episode_over' };
      if (event.kind === 'acknowledge') return acknowledge(state, event);
      if (event.kind === 'unacknowledge') return unacknowledge(state, event);
      return assign(state, event);
  }
}

function observed(
  state: AlertState | undefined,
  seen: Observation,
  atMs: number,
  policy: LifecyclePolicy,
  newEpisode: () => string,
): Step {
  const base = {
    fingerprint: seen.fingerprint,
    labels: seen.labels,
    annotations: seen.annotations,
    origin: seen.origin,
    ruleId: seen.ruleId,
    value: seen.value,
    evaluatedMs: atMs,
    ...(seen.expiresMs !== undefined && { expiresMs: seen.expiresMs }),
  };
  if (state?.condition === 'firing') return again(state, { ...state, ...base });
  if (seen.condition === 'pending') {
    if (state?.condition === 'pending') return again(state, { ...state, ...base, activeAtMs: seen.activeAtMs });
    const before = state && memoryOf(state);
    const next: AlertState = {
      ...base,
      condition: 'pending',
      episode: '',
      activeAtMs: seen.activeAtMs,
      flaps: 0,
      endsMs: state?.endsMs ?? [],
      ...(before && { before }),
    };
    return { state: next, change: conditionChange(state, 'pending', 'pending', valueText(seen.value)) };
  }
  const endsMs = (state?.endsMs ?? []).filter((endMs) => endMs > atMs - policy.flapWindowMs);
  const before = state?.condition === 'pending' ? state.before : state && memoryOf(state);
  const flapping = before !== undefined && endsMs.length >= policy.flapEnds;
  const firing = { ...base, condition: 'firing' as const, activeAtMs: seen.activeAtMs, firedAtMs: atMs, endsMs };
  if (flapping) {
    const next: AlertState = { ...firing, ...before, flaps: before.flaps + 1 };
    return { state: next, change: conditionChange(state, 'firing', 'flapped', `back for the ${next.flaps + 1}. time`) };
  }
  const next: AlertState = { ...firing, episode: newEpisode(), flaps: 0 };
  return { state: next, change: conditionChange(state, 'firing', 'fired', valueText(seen.value)) };
}

/** The same condition again: a change only where somebody could see it; `evaluatedMs` alone is none. */
function again(state: AlertState, next: AlertState): Step {
  if (!sameSight(state, next)) return { state: next, change: { reason: { kind: 'value' }, detail: '', actor: SERVER } };
  return { state: state.expiresMs === next.expiresMs ? state : { ...state, expiresMs: next.expiresMs } };
}

function absent(state: AlertState | undefined, endedMs: number, atMs: number, policy: LifecyclePolicy): Step {
  if (state === undefined || state.condition === 'resolved') return { state };
  if (state.condition !== 'firing')
    return { state: undefined, change: conditionChange(state, 'inactive', 'dropped', '') };
  // The clock may have been set back since it fired.
  const resolvedAtMs = Math.max(endedMs, state.firedAtMs ?? endedMs);
  const { expiresMs: _, ...rest } = state;
  const next: AlertState = {
    ...rest,
    condition: 'resolved',
    resolvedAtMs,
    evaluatedMs: atMs,
    endsMs: [...state.endsMs.filter((endMs) => endMs > resolvedAtMs - policy.flapWindowMs), resolvedAtMs].slice(-10),
  };
  return { state: next, change: conditionChange(state, 'resolved', 'resolved', '') };
}

function tick(state: AlertState | undefined, atMs: number, policy: LifecyclePolicy): Step {
  if (state === undefined) return { state };
  if (state.condition === 'resolved') {
    if (atMs < (state.resolvedAtMs ?? 0) + policy.resolvedRetentionMs) return { state };
    return { state: undefined, change: { reason: { kind: 'forgotten' }, detail: '', actor: SERVER } };
  }
  if (state.condition !== 'firing') return { state };
  if (state.expiresMs !== undefined && atMs >= state.expiresMs) return absent(state, state.expiresMs, atMs, policy);
  const held = state.acknowledgement;
  if (held?.untilMs !== undefined && atMs >= held.untilMs)
    return lapse(state, 'acknowledgement_expired', `acknowledged by ${held.by}`);
  if (held && policy.reminderMs > 0 && atMs - (state.remindedMs ?? held.atMs) >= policy.reminderMs) {
    const change: Change = {
      reason: { kind: 'reminded' },
      history: 'reminded',
      detail: `${held.by} has it and it still fires`,
      actor: SERVER,
    };
    return { state: { ...state, remindedMs: atMs }, change };
  }
  return { state };
}

const SERVER = 'opsroom';

function conditionChange(
  from: AlertState | undefined,
  to: Condition,
  history: Change['history'],
  detail: string,
): Change {
  return { reason: { kind: 'condition', from: from?.condition ?? 'inactive', to }, history, detail, actor: SERVER };
}

const memoryOf = (state: AlertState): EpisodeMemory => ({
  episode: state.episode,
  flaps: state.flaps,
  ...(state.acknowledgement && { acknowledgement: state.acknowledgement }),
  ...(state.assignee !== undefined && { assignee: state.assignee }),
});

/** Six digits are what a person can use; the alert itself keeps them all. */
const valueText = (value: number): string => (Number.isNaN(value) ? '' : `value ${Number(value.toPrecision(6))}`);

/** Whether nobody could see a difference (the time of the evaluation apart). */
function sameSight(a: AlertState, b: AlertState): boolean {
  if (!Object.is(a.value, b.value) || a.activeAtMs !== b.activeAtMs) return false;
  if (a.annotations !== b.annotations && !sameTexts(a.annotations, b.annotations)) return false;
  if (a.origin === b.origin) return true;
  if (a.origin.kind === 'rule' && b.origin.kind === 'rule') {
    return a.origin.health === b.origin.health && a.origin.expr === b.origin.expr && a.origin.group === b.origin.group;
  }
  return (
    a.origin.kind === 'received' && b.origin.kind === 'received' && a.origin.generatorUrl === b.origin.generatorUrl
  );
}

function sameTexts(a: LabelSet, b: LabelSet): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
