import { fingerprint } from '@opsroom/contracts';
import { type Message, ZERO_TIME } from './message.js';

/** A message that shows what a receiver's messages look like, about an alert that does not exist. */
export function testMessage(receiver: string, by: string, externalURL: string, nowMs: number): Message {
  const labels = { alertname: 'TestNotification', severity: 'info' };
  const annotations = { summary: `${by} has sent this to try out the receiver "${receiver}"; nothing is wrong` };
  return {
    receiver,
    status: 'firing',
    alerts: [
      {
        status: 'firing',
        labels,
        annotations,
        startsAt: new Date(nowMs).toISOString(),
        endsAt: ZERO_TIME,
        generatorURL: externalURL,
        fingerprint: fingerprint(labels),
        acknowledgeURL: '',
      },
    ],
    groupLabels: { alertname: 'TestNotification' },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL,
    groupKey: '{}:{alertname="TestNotification"}',
    notificationReason: 'test',
  };
}
