import type { AlertView, MatcherSpec } from '@opsroom/contracts';
import { outcomeText } from '../format/alert-words.js';
import { type AcknowledgeOptions, useAlerts } from '../stores/alerts.js';
import { useDialogs } from '../stores/dialogs.js';
import { useSession } from '../stores/session.js';
import { useToasts } from '../stores/toasts.js';

/** What a person can do about alerts, with words about the outcome and a way back where there is one. */
export interface AlertActs {
  mayAct: () => boolean;
  acknowledge: (alerts: readonly AlertView[], options?: AcknowledgeOptions) => Promise<void>;
  unacknowledge: (alerts: readonly AlertView[]) => Promise<void>;
  assign: (alerts: readonly AlertView[], assignee: string | null) => Promise<void>;
  askAcknowledge: (alerts: readonly AlertView[]) => void;
  askAssign: (alerts: readonly AlertView[]) => void;
  askSilence: (alerts: readonly AlertView[]) => void;
}

export function useAlertActs(): AlertActs {
  const alerts = useAlerts();
  const dialogs = useDialogs();
  const session = useSession();
  const toasts = useToasts();

  const mayAct = (): boolean => session.may('responder');

  /** Runs an act for those who may; tells what came of it or why not. */
  async function act(needed: readonly AlertView[], run: () => Promise<void> | void): Promise<void> {
    if (needed.length === 0) return;
    if (!mayAct()) return toasts.problem('Your role is viewer: it may look, not act. An administrator can change it.');
    try {
      await run();
    } catch (error) {
      toasts.problem(error);
    }
  }

  async function acknowledge(wanted: readonly AlertView[], options: AcknowledgeOptions = {}): Promise<void> {
    await act(wanted, async () => {
      const outcomes = await alerts.acknowledge(wanted, options);
      const taken = wanted.filter((_, index) => outcomes[index]?.done);
      const undo = { label: 'Undo', run: () => unacknowledge(taken) };
      toasts.say(outcomeText(outcomes, wanted, 'acknowledged'), taken.length > 0 ? undo : undefined);
    });
  }

  async function unacknowledge(wanted: readonly AlertView[]): Promise<void> {
    await act(wanted, async () => {
      toasts.say(outcomeText(await alerts.unacknowledge(wanted), wanted, 'given back'));
    });
  }

  async function assign(wanted: readonly AlertView[], assignee: string | null): Promise<void> {
    await act(wanted, async () => {
      const words = assignee === null ? 'assigned to nobody' : `assigned to ${assignee}`;
      toasts.say(outcomeText(await alerts.assign(wanted, assignee), wanted, words));
    });
  }

  return {
    mayAct,
    acknowledge,
    unacknowledge,
    assign,
    askAcknowledge: (wanted) => void act(wanted, () => dialogs.open({ kind: 'acknowledge', alerts: wanted })),
    askAssign: (wanted) => void act(wanted, () => dialogs.open({ kind: 'assign', alerts: wanted })),
    askSilence: (wanted) => void act(wanted, () => dialogs.open({ kind: 'silence', matchers: commonMatchers(wanted) })),
  };
}

/** The matchers that select at least these alerts: every label on which all of them agree. */
function commonMatchers(alerts: readonly AlertView[]): MatcherSpec[] {
  const [first, ...others] = alerts;
  if (!first) return [];
  return Object.entries(first.labels)
    .filter(([name, value]) => others.every((alert) => alert.labels[name] === value))
    .sort(([a], [b]) => Number(b === 'alertname') - Number(a === 'alertname') || (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, operator: '=', value }));
}
