/** `receivers` of alertmanager.yml as they are written; `resolveReceivers` fills in what `global` says. */
import { type z } from 'zod';
import type { SlackAction } from '../config.js';
import { httpConfig } from './http-config.js';
import { tlsConfig } from './tls-config.js';
import { boolean, count, duration, list, nonEmpty, section, text, textMap, unread, url } from './values.js';

/** Alertmanager's notifiers that Opsroom does not have: taken with a warning, so that a file that works there works here. */
export const UNSENT_KINDS = [
  ...[
    'discord_configs',
    'incidentio_configs',
    'jira_configs',
    'mattermost_configs',
    'msteams_configs',
    'msteamsv2_configs',
  ],
  ...[
    'opsgenie_configs',
    'pagerduty_configs',
    'pushover_configs',
    'rocketchat_configs',
    'sns_configs',
    'telegram_configs',
  ],
  ...['victorops_configs', 'webex_configs', 'wechat_configs'],
] as const;

const webhook = section('webhook_configs', {
  send_resolved: boolean().default(true),
  url: url().optional(),
  url_file: text().optional(),
  max_alerts: count().default(0),
  timeout: duration().default(0),
  http_config: httpConfig.optional(),
  payload: unread(),
});

const email = section('email_configs', {
  send_resolved: boolean().default(false),
  to: nonEmpty(),
  from: text().optional(),
  hello: text().optional(),
  smarthost: text().optional(),
  auth_username: text().optional(),
  auth_password: text().optional(),
  auth_password_file: text().optional(),
  auth_secret: text().optional(),
  auth_secret_file: text().optional(),
  auth_identity: unread(),
  require_tls: boolean().optional(),
  tls_config: tlsConfig.optional(),
  force_implicit_tls: boolean().optional(),
  threading: unread(),
  headers: textMap().default({}),
  html: text().optional(),
  text: text().optional(),
});

/** https://api.slack.com/legacy/interactive-message-field-guide#action_fields */
const slackAction = section('actions', {
  type: nonEmpty(),
  text: nonEmpty(),
  url: text().optional(),
  style: text().optional(),
  name: text().optional(),
  value: text().optional(),
  confirm: section('confirm', {
    text: nonEmpty(),
    title: text().optional(),
    ok_text: text().optional(),
    dismiss_text: text().optional(),
  }).optional(),
})
  .refine(({ url: address, name }) => Boolean(address) || Boolean(name), { error: 'a button needs url or name' })
  .transform(({ type, text: label, url: address, style, name, value, confirm }): SlackAction => ({
    type,
    text: label,
    url: address,
    style,
    name,
    value,
    confirm: confirm && {
      text: confirm.text,
      title: confirm.title,
      okText: confirm.ok_text,
      dismissText: confirm.dismiss_text,
    },
  }));

const slack = section('slack_configs', {
  send_resolved: boolean().default(false),
  api_url: url().optional(),
  api_url_file: text().optional(),
  app_token: text().optional(),
  app_token_file: text().optional(),
  app_url: url().optional(),
  http_config: httpConfig.optional(),
  channel: text().default(''),
  username: text().optional(),
  color: text().optional(),
  title: text().optional(),
  title_link: text().optional(),
  pretext: text().optional(),
  text: text().optional(),
  fallback: text().optional(),
  footer: text().optional(),
  icon_emoji: text().optional(),
  icon_url: text().optional(),
  image_url: text().optional(),
  thumb_url: text().optional(),
  link_names: boolean().optional(),
  short_fields: boolean().optional(),
  fields: list(
    section('fields', { title: nonEmpty(), value: nonEmpty(), short: boolean().optional() }).transform((field) => ({
      title: field.title,
      value: field.value,
      short: field.short,
    })),
  ).optional(),
  callback_id: text().optional(),
  mrkdwn_in: list(nonEmpty()).optional(),
  actions: list(slackAction).optional(),
  timeout: duration().default(0),
  message_text: unread(),
  update_message: unread(),
});

export const receiver = section('receivers', {
  name: nonEmpty(),
  labels: unread(),
  webhook_configs: list(webhook).default([]),
  email_configs: list(email).default([]),
  slack_configs: list(slack).default([]),
  ...Object.fromEntries(UNSENT_KINDS.map((kind) => [kind, unread()])),
});

export type ReceiverSection = z.output<typeof receiver>;
