import { randomUUID } from 'node:crypto';
import type { AlertHistoryEntry, AlertRef, AlertView, Note, RequestError, SilenceView } from '@opsroom/contracts';
import { io, type Socket } from 'socket.io-client';

interface Answered {
  readonly ok: boolean;
  readonly error?: RequestError;
}

/**
 * Somebody who never stops acting and never gives up: every act has an id of its own and is sent again, over any number of
 * kills, until the server has answered it. What was answered is remembered, to be compared with what the server knows.
 */
export class FaultDriver {
  private readonly alerts: Socket;
  private readonly rooms: Socket;
  private stopped = false;
  /** By fingerprint: whether the last answered act was an acknowledgement, how many acts of each kind, which notes. */
  readonly held = new Map<string, boolean>();
  readonly counts = new Map<string, { acknowledged: number; unacknowledged: number }>();
  readonly notes = new Map<string, string[]>();
  /** Comments of silences, and whether each was ended again. */
  readonly silences = new Map<string, boolean>();
  /** Sends that had to be repeated since no answer came. */
  repeated = 0;
  answered = 0;

  /** `paceMs`: the pause after each act on an alert, so that what a history shows at most is not exceeded. */
  constructor(
    url: string,
    private readonly paceMs: number,
  ) {
    const options = { transports: ['websocket'], forceNew: true, reconnectionDelay: 20, reconnectionDelayMax: 100 };
    this.alerts = io(`${url}/alerts`, options);
    this.rooms = io(`${url}/rooms`, options);
  }

  /**
   * Asks until there is an answer; a refusal is an error, since nobody else is there to be in the way. Only on a quick machine is
   * this driver quicker than a socket may be: it then waits as it is told.
   */
  async ask<T>(namespace: 'alerts' | 'rooms', event: string, input: object): Promise<T> {
    for (;;) {
      try {
        const reply = (await this[namespace].timeout(700).emitWithAck(event, input)) as Answered & T;
        if (reply.error?.code === 'too_many_requests') {
          const pauseMs = reply.error.retryAfterMs ?? 100;
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
          continue;
        }
        if (!reply.ok) throw new Refused(`${event}: ${JSON.stringify(reply.error)}`);
        return reply;
      } catch (error) {
        if (error instanceof Refused) throw error;
        this.repeated++;
      }
    }
  }

  /** All alerts that there are now. */
  async views(): Promise<AlertView[]> {
    const matchers = [{ name: 'alertname', operator: '=~', value: 'Always.*' }];
    return (await this.ask<{ alerts: AlertView[] }>('alerts', 'silence:preview', { matchers })).alerts;
  }

  async history(fingerprint: string): Promise<AlertHistoryEntry[]> {
    return (await this.ask<{ entries: AlertHistoryEntry[] }>('alerts', 'alert:history', { fingerprint, limit: 1000 }))
      .entries;
  }

  async notesOf(fingerprint: string): Promise<readonly Note[]> {
    return (await this.ask<{ notes: Note[] }>('rooms', 'room:join', { alert: fingerprint })).notes;
  }

  async silenceList(): Promise<SilenceView[]> {
    return (await this.ask<{ silences: SilenceView[] }>('alerts', 'silence:list', {})).silences;
  }

  /** Acts on one alert, one act after the other, until `stop`. */
  async actOn(alert: AlertRef): Promise<void> {
    const { fingerprint } = alert;
    const counts = { acknowledged: 0, unacknowledged: 0 };
    const notes: string[] = [];
    this.held.set(fingerprint, false);
    this.counts.set(fingerprint, counts);
    this.notes.set(fingerprint, notes);
    for (let turn = 0; !this.stopped; turn++) {
      const requestId = randomUUID();
      if (turn % 3 === 2) {
        const text = `note ${requestId}`;
        await this.ask('rooms', 'note:add', { alert: fingerprint, text, requestId });
        notes.push(text);
      } else {
        const acknowledges = !this.held.get(fingerprint);
        const kind = acknowledges ? 'acknowledge' : 'unacknowledge';
        const { outcomes } = await this.ask<{ outcomes: { done: boolean; reason?: string }[] }>(
          'alerts',
          `alert:${kind}`,
          {
            alerts: [alert],
            requestId,
          },
        );
        if (!outcomes[0].done) throw new Refused(`${kind}: ${outcomes[0].reason ?? ''}`);
        this.held.set(fingerprint, acknowledges);
        counts[`${kind}d`]++;
      }
      this.answered++;
      await new Promise((resolve) => setTimeout(resolve, this.paceMs));
    }
  }

  /** Makes silences and ends every other one, until `stop`. */
  async silence(nowMs: () => number): Promise<void> {
    for (let turn = 0; !this.stopped; turn++) {
      const requestId = randomUUID();
      const { silence } = await this.ask<{ silence: SilenceView }>('alerts', 'silence:create', {
        matchers: [{ name: 'nothing', operator: '=', value: requestId }],
        startsAtMs: nowMs(),
        endsAtMs: nowMs() + 3_600_000,
        comment: requestId,
        requestId,
      });
      this.silences.set(requestId, false);
      this.answered++;
      if (turn % 2 === 0) continue;
      await this.ask('alerts', 'silence:expire', { id: silence.id, requestId: randomUUID() });
      this.silences.set(requestId, true);
      this.answered++;
    }
  }

  stop(): void {
    this.stopped = true;
  }

  close(): void {
    this.alerts.disconnect();
    this.rooms.disconnect();
  }
}

class Refused extends Error {}
