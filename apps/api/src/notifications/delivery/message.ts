import { type AlertRef, type AlertView, byCodePoint, compareLabelSets, type LabelSet } from '@opsroom/contracts';
import type { Group } from '../grouping/groups.js';
import type { Decision } from '../pipeline/decision.js';

/** One alert in a notification, as Alertmanager's payloads and templates name its fields. */
export interface MessageAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  /** RFC 3339. */
  readonly startsAt: string;
  /** RFC 3339; the zero time while it fires. */
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
  /** Beyond Alertmanager: one click that acknowledges this episode; '' once it has resolved. */
  readonly acknowledgeURL: string;
}

/** What is told: the data of Alertmanager's webhook, version 4, which its templates see too. */
export interface Message {
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly alerts: readonly MessageAlert[];
  readonly groupLabels: LabelSet;
  readonly commonLabels: LabelSet;
  readonly commonAnnotations: LabelSet;
  readonly externalURL: string;
  readonly groupKey: string;
  /** Why it is sent. */
  readonly notificationReason: string;
}

/** An alert in a message that waits: its link is made when it is sent. */
export type QueuedAlert = Omit<MessageAlert, 'acknowledgeURL'> & AlertRef;

/** A message that waits in the outbox. */
export type QueuedMessage = Omit<Message, 'alerts'> & { readonly alerts: readonly QueuedAlert[] };

/** Go's zero time, which stands for "has not ended". */
export const ZERO_TIME = '0001-01-01T00:00:00Z';

export interface MessageContext {
  readonly externalUrl: string;
  readonly sendResolved: boolean;
}

/** Builds the message of a decision to send; firing alerts first, then resolved ones, each in the order in which people read them. */
export function buildMessage(
  receiver: string,
  group: Group,
  decision: Decision,
  context: MessageContext,
): QueuedMessage {
  const resolved = context.sendResolved ? decision.resolved : [];
  const alerts = [...[...decision.firing].sort(byPlace), ...[...resolved].sort(byPlace)];
  return {
    receiver,
    status: decision.firing.length > 0 ? 'firing' : 'resolved',
    alerts: alerts.map((alert) => queuedAlert(alert, context)),
    groupLabels: group.labels,
    commonLabels: common(alerts.map((alert) => alert.labels)),
    commonAnnotations: common(alerts.map((alert) => alert.annotations)),
    externalURL: context.externalUrl,
    groupKey: group.key,
    notificationReason: decision.reason,
  };
}

/** As Alertmanager orders them: by job, then by instance, those without one last, then by all labels. */
function byPlace({ labels: a }: AlertView, { labels: b }: AlertView): number {
  for (const name of ['job', 'instance']) {
    const [ofA, ofB] = [a[name], b[name]];
    if (ofA === ofB) continue;
    if (ofA === undefined) return 1;
    if (ofB === undefined) return -1;
    return byCodePoint(ofA, ofB);
  }
  return compareLabelSets(a, b);
}

function queuedAlert(alert: AlertView, { externalUrl }: MessageContext): QueuedAlert {
  return {
    status: alert.condition === 'firing' ? 'firing' : 'resolved',
    labels: alert.labels,
    annotations: alert.annotations,
    startsAt: new Date(startedMs(alert)).toISOString(),
    endsAt: alert.resolvedAtMs === undefined ? ZERO_TIME : new Date(alert.resolvedAtMs).toISOString(),
    generatorURL:
      alert.origin.kind === 'received' ? alert.origin.generatorUrl : `${externalUrl}/alerts/${alert.fingerprint}`,
    fingerprint: alert.fingerprint,
    episode: alert.episode,
  };
}

/** When it began, as the sender of a received alert said; a rule's alert begins when its `for` is over. */
export function startedMs({ origin, activeAtMs, firedAtMs }: AlertView): number {
  return origin.kind === 'received' ? activeAtMs : (firedAtMs ?? activeAtMs);
}

/** What all sets agree on. */
function common(sets: readonly LabelSet[]): LabelSet {
  const [first, ...rest] = sets;
  const agreed: Record<string, string> = {};
  for (const [name, value] of Object.entries(first ?? {})) {
    if (rest.every((set) => set[name] === value)) agreed[name] = value;
  }
  return agreed;
}
