import { setImmediate } from 'node:timers/promises';
import type { AlertRef } from '@opsroom/contracts';
import type { Message, MessageAlert, QueuedMessage } from './message.js';

/** Signing so many links takes some 2 ms; then others have their turn. */
const SLICE_ALERTS = 250;

/** A message as it is sent: with a link for each alert that fires, signed in slices, since a group may have ten thousand. */
export async function linkedMessage(message: QueuedMessage, linkTo: (alert: AlertRef) => string): Promise<Message> {
  const alerts: MessageAlert[] = [];
  for (const { episode, ...alert } of message.alerts) {
    if (alerts.length > 0 && alerts.length % SLICE_ALERTS === 0) await setImmediate();
    const { fingerprint, status } = alert;
    alerts.push({ ...alert, acknowledgeURL: status === 'firing' ? linkTo({ fingerprint, episode }) : '' });
  }
  return { ...message, alerts };
}
