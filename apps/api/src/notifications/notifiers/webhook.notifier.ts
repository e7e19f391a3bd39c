import type { WebhookConfig } from '../../config/config.js';
import type { Message } from '../delivery/message.js';
import { jsonPoster } from './http-post.js';
import type { Notifier } from './notifier.js';

const TIMEOUT_MS = 10_000;

/** Alertmanager's webhook, payload version 4 (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config). */
export function webhookNotifier(receiver: string, index: number, config: WebhookConfig): Notifier {
  const post = jsonPoster(config.http);
  return {
    id: `${receiver}/webhook/${index}`,
    receiver,
    sendResolved: config.sendResolved,
    async send(message, deliveryId) {
      await post(config.url, payload(message, config.maxAlerts), {
        deliveryId,
        timeoutMs: config.timeoutMs || TIMEOUT_MS,
      });
    },
  };
}

function payload(message: Message, maxAlerts: number): object {
  const alerts = maxAlerts > 0 ? message.alerts.slice(0, maxAlerts) : message.alerts;
  return { version: '4', truncatedAlerts: message.alerts.length - alerts.length, ...message, alerts };
}
