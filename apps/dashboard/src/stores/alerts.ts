import type {
  AcknowledgeInput,
  AlertOutcome,
  AlertRef,
  AlertView,
  MatcherSpec,
  SilenceInput,
  SilenceView,
} from '@opsroom/contracts';
import { Subscription } from 'rxjs';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { suppressionText } from '../format/alert-words.js';
import { ask, listen, newRequestId, RequestRefused, server } from '../sockets/server.js';
import { useConnection } from './connection.js';

/** How an acknowledgement is meant; who and when are the server's to say. */
export type AcknowledgeOptions = Pick<AcknowledgeInput, 'note' | 'untilMs' | 'untilWorse' | 'takeOver'>;

const refOf = (alert: AlertView): AlertRef => ({ fingerprint: alert.fingerprint, episode: alert.episode });

/**
 * All alerts, what people do about them, and silences.
 * In: the topic of all alerts and `silences:changed`. Out: views, acts that resolve with the server's answer. Owns: the last known state.
 */
export const useAlerts = defineStore('alerts', () => {
  const connection = useConnection();
  const all = shallowRef<ReadonlyMap<string, AlertView>>(new Map());
  /** False until the server has said what there is: an empty list means nothing before. */
  const ready = shallowRef(false);
  const silences = shallowRef<readonly SilenceView[] | null>(null);
  let open: Subscription | undefined;

  function start(): void {
    if (open) return;
    open = new Subscription();
    open.add(
      listen(server().alerts$(), (state) => {
        all.value = state.alerts;
        ready.value ||= state.health === 'live';
      }),
    );
    open.add(listen(server().connected$('/alerts'), () => void loadSilences()));
    open.add(listen(server().events$('/alerts', 'silences:changed'), (changed) => (silences.value = changed)));
  }

  function stop(): void {
    open?.unsubscribe();
    open = undefined;
    all.value = new Map();
    ready.value = false;
    silences.value = null;
  }

  async function loadSilences(): Promise<void> {
    try {
      silences.value = (await ask('/alerts', 'silence:list', {})).silences;
    } catch {
      // The list comes again with the next connection.
    }
  }

  /** Acts are sent now or not at all: one that arrives minutes after the click would surprise everybody. */
  function mustBeConnected(): void {
    if (connection.connected) return;
    throw new RequestRefused({
      code: 'unavailable',
      message: 'Not connected, so nothing was sent. Try again once the page is live.',
    });
  }

  async function acknowledge(
    alerts: readonly AlertView[],
    options: AcknowledgeOptions = {},
  ): Promise<readonly AlertOutcome[]> {
    mustBeConnected();
    const input = { alerts: alerts.map(refOf), ...options, requestId: newRequestId() };
    return (await ask('/alerts', 'alert:acknowledge', input)).outcomes;
  }

  async function unacknowledge(alerts: readonly AlertView[]): Promise<readonly AlertOutcome[]> {
    mustBeConnected();
    return (await ask('/alerts', 'alert:unacknowledge', { alerts: alerts.map(refOf), requestId: newRequestId() }))
      .outcomes;
  }

  async function assign(alerts: readonly AlertView[], assignee: string | null): Promise<readonly AlertOutcome[]> {
    mustBeConnected();
    return (await ask('/alerts', 'alert:assign', { alerts: alerts.map(refOf), assignee, requestId: newRequestId() }))
      .outcomes;
  }

  async function silence(input: Omit<SilenceInput, 'requestId'>): Promise<SilenceView> {
    mustBeConnected();
    return (await ask('/alerts', 'silence:create', { ...input, requestId: newRequestId() })).silence;
  }

  async function expireSilence(id: string): Promise<SilenceView> {
    mustBeConnected();
    return (await ask('/alerts', 'silence:expire', { id, requestId: newRequestId() })).silence;
  }

  const previewSilence = (
    matchers: readonly MatcherSpec[],
  ): Promise<{ matching: number; alerts: readonly AlertView[] }> => ask('/alerts', 'silence:preview', { matchers });

  /** Why nobody is told about an alert, in words; empty when it is not suppressed. */
  const whySuppressed = (alert: AlertView, nowMs: number): string =>
    alert.suppressedBy.length === 0
      ? ''
      : suppressionText(alert, { silences: silences.value ?? [], alerts: all.value, nowMs });

  return {
    all,
    ready,
    silences,
    start,
    stop,
    acknowledge,
    unacknowledge,
    assign,
    silence,
    expireSilence,
    previewSilence,
    whySuppressed,
  };
});
