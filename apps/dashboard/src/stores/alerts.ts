import {
  type AcknowledgeInput,
  type AlertHistoryEntry,
  type AlertOutcome,
  type AlertRef,
  type AlertView,
  type MatcherSpec,
  type SilenceInput,
  type SilenceView,
} from '@opsroom/contracts';
import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';
import { newRequestId, request, RequestRefused, type ServerSocket } from '../sockets/sockets.js';
import { AlertTopics } from './alert-topics.js';
import { useConnection } from './connection.js';

/** How an acknowledgement is meant; who and when are the server's to say. */
export type AcknowledgeOptions = Pick<AcknowledgeInput, 'note' | 'untilMs' | 'untilWorse' | 'takeOver'>;

export const refOf = (alert: AlertView): AlertRef => ({ fingerprint: alert.fingerprint, episode: alert.episode });

/**
 * Alerts, what people do about them, and silences.
 * In: frames and `silences:changed` of /alerts. Out: topics, acts that resolve with the server's answer. Owns: the topics watched.
 */
export const useAlerts = defineStore('alerts', () => {
  const connection = useConnection();
  const silences = shallowRef<readonly SilenceView[] | null>(null);

  function socket(): ServerSocket<'/alerts'> {
    const opened = connection.sockets?.alerts;
    if (!opened) throw new RequestRefused({ code: 'unavailable', message: 'Not connected, so nothing was sent.' });
    return opened as ServerSocket<'/alerts'>;
  }

  const topics = new AlertTopics({
    subscribe: async (input) => request(socket(), 'topic:subscribe', input),
    unsubscribe: async (topic) => request(socket(), 'topic:unsubscribe', { topic }),
  });

  watch(
    () => connection.sockets,
    (sockets) => {
      silences.value = null;
      sockets?.alerts.on('connect', () => {
        topics.resume();
        void loadSilences();
      });
      sockets?.alerts.on('topic:frame', (frame) => topics.take(frame));
      sockets?.alerts.on('topic:closed', (closed) => topics.closed(closed.topic, closed.message));
      sockets?.alerts.on('silences:changed', (changed) => (silences.value = changed));
    },
    { immediate: true },
  );

  async function loadSilences(): Promise<void> {
    try {
      silences.value = (await request(socket(), 'silence:list', {})).silences;
    } catch {
      // The list comes again with the next connection.
    }
  }

  async function acknowledge(
    alerts: readonly AlertView[],
    options: AcknowledgeOptions = {},
  ): Promise<readonly AlertOutcome[]> {
    const input = { alerts: alerts.map(refOf), ...options, requestId: newRequestId() };
    return (await request(socket(), 'alert:acknowledge', input)).outcomes;
  }

  async function unacknowledge(alerts: readonly AlertView[]): Promise<readonly AlertOutcome[]> {
    return (await request(socket(), 'alert:unacknowledge', { alerts: alerts.map(refOf), requestId: newRequestId() }))
      .outcomes;
  }

  async function assign(alerts: readonly AlertView[], assignee: string | null): Promise<readonly AlertOutcome[]> {
    const input = { alerts: alerts.map(refOf), assignee, requestId: newRequestId() };
    return (await request(socket(), 'alert:assign', input)).outcomes;
  }

  async function history(fingerprint: string): Promise<readonly AlertHistoryEntry[]> {
    return (await request(socket(), 'alert:history', { fingerprint })).entries;
  }

  async function silence(input: Omit<SilenceInput, 'requestId'>): Promise<SilenceView> {
    return (await request(socket(), 'silence:create', { ...input, requestId: newRequestId() })).silence;
  }

  async function expireSilence(id: string): Promise<SilenceView> {
    return (await request(socket(), 'silence:expire', { id, requestId: newRequestId() })).silence;
  }

  async function previewSilence(
    matchers: readonly MatcherSpec[],
  ): Promise<{ matching: number; alerts: readonly AlertView[] }> {
    return request(socket(), 'silence:preview', { matchers });
  }

  return { topics, silences, acknowledge, unacknowledge, assign, history, silence, expireSilence, previewSilence };
});
