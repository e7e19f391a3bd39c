import type { Acknowledgement } from '@opsroom/contracts';
import type { AlertState, Step } from './alert-state.js';

/** The half of the table in lifecycle.ts that belongs to people. The caller has checked that the episode is the firing one. */
export function acknowledge(
  state: AlertState,
  event: {
    readonly atMs: number;
    readonly by: string;
    readonly note: string;
    readonly untilMs?: number;
    readonly untilWorse?: boolean;
    readonly takeOver?: boolean;
  },
): Step {
  const held = state.acknowledgement;
  const byOther = held !== undefined && held.by !== event.by;
  if (byOther && !event.takeOver) return { refused: 'already_acknowledged', winner: held.by };
  const acknowledgement: Acknowledgement = {
    by: event.by,
    atMs: event.atMs,
    note: event.note,
    ...(event.untilMs !== undefined && { untilMs: event.untilMs }),
    ...(event.untilWorse && { untilWorse: true }),
  };
  const kind = byOther ? 'taken_over' : 'acknowledged';
  const detail = byOther ? [`from ${held.by}`, event.note].filter(Boolean).join(': ') : event.note;
  const { remindedMs: _, ...rest } = state;
  return { state: { ...rest, acknowledgement }, change: { reason: { kind }, history: kind, detail, actor: event.by } };
}

export function unacknowledge(state: AlertState, event: { readonly by: string }): Step {
  const held = state.acknowledgement;
  if (held === undefined) return { refused: 'not_acknowledged' };
  const detail = held.by === event.by ? '' : `was ${held.by}'s`;
  return {
    state: released(state),
    change: { reason: { kind: 'unacknowledged' }, history: 'unacknowledged', detail, actor: event.by },
  };
}

export function assign(state: AlertState, event: { readonly by: string; readonly assignee: string | null }): Step {
  if ((state.assignee ?? null) === event.assignee) return { state };
  const { assignee, ...rest } = state;
  if (event.assignee === null) {
    const detail = assignee ?? '';
    return { state: rest, change: { reason: { kind: 'assigned' }, history: 'unassigned', detail, actor: event.by } };
  }
  return {
    state: { ...rest, assignee: event.assignee },
    change: { reason: { kind: 'assigned' }, history: 'assigned', detail: event.assignee, actor: event.by },
  };
}

/** An acknowledgement ends by itself. */
export function lapse(state: AlertState, kind: 'acknowledgement_expired' | 'worsened', detail: string): Step {
  return { state: released(state), change: { reason: { kind }, history: kind, detail, actor: 'opsroom' } };
}

function released(state: AlertState): AlertState {
  const { acknowledgement: _, remindedMs: _reminded, ...rest } = state;
  return rest;
}
