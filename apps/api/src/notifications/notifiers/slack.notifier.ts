import type { SlackConfig } from '../../config/config.js';
import type { Message } from '../delivery/message.js';
import type { Renderer } from '../templates/renderer.js';
import { jsonPoster } from './http-post.js';
import { DeliveryError, type Notifier } from './notifier.js';

const TIMEOUT_MS = 10_000;

/** Slack's incoming webhook, or chat.postMessage with an app's token (https://api.slack.com/reference/messaging/attachments). */
export function slackNotifier(receiver: string, index: number, config: SlackConfig, renderer: Renderer): Notifier {
  const post = jsonPoster(config.http);
  return {
    id: `${receiver}/slack/${index}`,
    receiver,
    sendResolved: config.sendResolved,
    async send(message, deliveryId) {
      const answer = await post(config.apiUrl, payload(config, message, renderer), {
        deliveryId,
        timeoutMs: config.timeoutMs || TIMEOUT_MS,
      });
      refuseSlackError(answer);
    },
  };
}

function payload(config: SlackConfig, message: Message, renderer: Renderer): object {
  const render = (text: string | undefined): string | undefined => {
    const rendered = text === undefined ? '' : renderer.render(text, message);
    return rendered === '' ? undefined : rendered;
  };
  return {
    channel: render(config.channel),
    username: render(config.username),
    icon_emoji: render(config.iconEmoji),
    icon_url: render(config.iconUrl),
    link_names: config.linkNames,
    attachments: [
      {
        title: render(config.title),
        title_link: render(config.titleLink),
        pretext: render(config.pretext),
        text: render(config.text),
        fallback: render(config.fallback),
        footer: render(config.footer),
        image_url: render(config.imageUrl),
        thumb_url: render(config.thumbUrl),
        color: render(config.color),
        callback_id: render(config.callbackId),
        mrkdwn_in: config.mrkdwnIn,
        fields: config.fields?.map(({ title, value, short }) => ({
          title: render(title),
          value: render(value),
          short: short ?? config.shortFields ?? false,
        })),
        actions: config.actions?.map(({ confirm, ...action }) => ({
          type: render(action.type),
          text: render(action.text),
          url: render(action.url),
          style: render(action.style),
          name: render(action.name),
          value: render(action.value),
          confirm: confirm && {
            text: render(confirm.text),
            title: render(confirm.title),
            ok_text: render(confirm.okText),
            dismiss_text: render(confirm.dismissText),
          },
        })),
      },
    ],
  };
}

/** The Web API answers 200 with `{"ok": false, "error": …}` when it refuses; an incoming webhook answers with the text `ok`. */
function refuseSlackError(answer: string): void {
  if (!answer.startsWith('{')) return;
  let parsed: unknown;
  try {
    parsed = JSON.parse(answer);
  } catch {
    return;
  }
  if (typeof parsed !== 'object' || parsed === null || !('ok' in parsed) || parsed.ok !== false) return;
  const why = 'error' in parsed ? String(parsed.error) : 'no reason given';
  throw new DeliveryError(`Slack refused the message: ${why}`, why === 'ratelimited' || why === 'internal_error');
}
