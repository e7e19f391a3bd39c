import type { ReceiverConfig } from '../../config/config.js';
import type { Renderer } from '../templates/renderer.js';
import { emailNotifier } from './email.notifier.js';
import type { Notifier } from './notifier.js';
import { slackNotifier } from './slack.notifier.js';
import { webhookNotifier } from './webhook.notifier.js';

/** All notifiers of a receiver. A new kind is a file beside this one and a line here. */
export function notifiersOf(receiver: ReceiverConfig, renderer: Renderer): Notifier[] {
  const { name, webhooks, emails, slacks } = receiver;
  return [
    ...webhooks.map((config, i) => webhookNotifier(name, i, config)),
    ...emails.map((config, i) => emailNotifier(name, i, config, renderer)),
    ...slacks.map((config, i) => slackNotifier(name, i, config, renderer)),
  ];
}
