import type { EmailConfig, ReceiverConfig, SlackConfig, WebhookConfig } from '../config.js';
import type { GlobalSection } from './global.js';
import { httpClientOf } from './http-config.js';
import type { ReadSecret } from './read-secret.js';
import type { ReceiverSection } from './receivers.js';
import { tlsOf } from './tls-config.js';

/** What resolving needs from outside: files with secrets, and a place for what is wrong. */
export interface ResolveContext {
  readonly global: GlobalSection;
  /** The text of a file that a `*_file` key names, without the line end; undefined after a problem was reported. */
  readonly readSecret: (file: string) => string | undefined;
  readonly problem: (path: readonly PropertyKey[], message: string) => void;
}

/** Receivers with the defaults of `global` and of Alertmanager filled in. */
export function resolveReceivers(sections: readonly ReceiverSection[], context: ResolveContext): ReceiverConfig[] {
  return sections.map((receiver, index) => ({
    name: receiver.name,
    webhooks: receiver.webhook_configs.map((one, i) =>
      webhook(one, ['receivers', index, 'webhook_configs', i], context),
    ),
    emails: receiver.email_configs.map((one, i) => email(one, ['receivers', index, 'email_configs', i], context)),
    slacks: receiver.slack_configs.map((one, i) => slack(one, ['receivers', index, 'slack_configs', i], context)),
  }));
}

type Path = readonly PropertyKey[];

const secretOf =
  (context: ResolveContext): ReadSecret =>
  (value, file) =>
    value ?? (file === undefined ? undefined : context.readSecret(file));

function webhook(one: ReceiverSection['webhook_configs'][number], path: Path, context: ResolveContext): WebhookConfig {
  const secret = secretOf(context);
  const url = secret(one.url, one.url_file);
  if (url === undefined) context.problem(path, 'a webhook needs url or url_file');
  return {
    sendResolved: one.send_resolved,
    url: url ?? '',
    maxAlerts: one.max_alerts,
    timeoutMs: one.timeout,
    http: httpClientOf(one.http_config ?? context.global.http_config, secret),
  };
}

function email(one: ReceiverSection['email_configs'][number], path: Path, context: ResolveContext): EmailConfig {
  const { global } = context;
  const secret = secretOf(context);
  const needed = (value: string | undefined, key: string): string => {
    if (value === undefined) context.problem(path, `e-mail needs ${key} here or smtp_${key} in global`);
    return value ?? '';
  };
  const authSecret =
    secret(one.auth_secret, one.auth_secret_file) ?? secret(global.smtp_auth_secret, global.smtp_auth_secret_file);
  const implicitTls = one.force_implicit_tls ?? global.smtp_force_implicit_tls;
  const tls = one.tls_config ?? global.smtp_tls_config;
  return {
    sendResolved: one.send_resolved,
    to: one.to,
    from: needed(one.from ?? global.smtp_from, 'from'),
    smarthost: needed(one.smarthost ?? global.smtp_smarthost, 'smarthost'),
    hello: one.hello ?? global.smtp_hello ?? 'localhost',
    authUsername: one.auth_username ?? global.smtp_auth_username ?? '',
    authPassword:
      secret(one.auth_password, one.auth_password_file) ??
      secret(global.smtp_auth_password, global.smtp_auth_password_file) ??
      '',
    ...(authSecret !== undefined && { authSecret }),
    requireTls: one.require_tls ?? global.smtp_require_tls ?? true,
    ...(implicitTls !== undefined && { implicitTls }),
    ...(tls && { tls: tlsOf(tls, secret) }),
    headers: one.headers,
    html: one.html ?? '{{ template "email.default.html" . }}',
    text: one.text ?? '',
  };
}

function slack(one: ReceiverSection['slack_configs'][number], path: Path, context: ResolveContext): SlackConfig {
  const { global } = context;
  const secret = secretOf(context);
  const token =
    secret(one.app_token, one.app_token_file) ?? secret(global.slack_app_token, global.slack_app_token_file);
  const hook = secret(one.api_url, one.api_url_file) ?? secret(global.slack_api_url, global.slack_api_url_file);
  const app = one.app_url ?? global.slack_app_url ?? 'https://slack.com/api/chat.postMessage';
  const apiUrl = hook ?? (token === undefined ? undefined : app);
  if (apiUrl === undefined)
    context.problem(path, 'Slack needs api_url or api_url_file here, or slack_api_url in global');
  const http = httpClientOf(one.http_config ?? global.http_config, secret);
  const withToken = hook === undefined && token !== undefined;
  return {
    sendResolved: one.send_resolved,
    apiUrl: apiUrl ?? '',
    channel: one.channel,
    username: one.username ?? '{{ template "slack.default.username" . }}',
    title: one.title ?? '{{ template "slack.default.title" . }}',
    titleLink: one.title_link ?? '{{ template "slack.default.titlelink" . }}',
    text: one.text ?? '{{ template "slack.default.text" . }}',
    color: one.color ?? '{{ if eq .Status "firing" }}danger{{ else }}good{{ end }}',
    pretext: one.pretext ?? '{{ template "slack.default.pretext" . }}',
    fallback: one.fallback ?? '{{ template "slack.default.fallback" . }}',
    footer: one.footer ?? '{{ template "slack.default.footer" . }}',
    iconEmoji: one.icon_emoji ?? '{{ template "slack.default.iconemoji" . }}',
    iconUrl: one.icon_url ?? '{{ template "slack.default.iconurl" . }}',
    imageUrl: one.image_url ?? '',
    thumbUrl: one.thumb_url ?? '',
    linkNames: one.link_names ?? false,
    shortFields: one.short_fields ?? false,
    fields: one.fields ?? [],
    callbackId: one.callback_id ?? '{{ template "slack.default.callbackid" . }}',
    mrkdwnIn: one.mrkdwn_in ?? ['fallback', 'pretext', 'text'],
    actions: one.actions ?? [],
    timeoutMs: one.timeout,
    http: withToken ? { ...http, headers: { ...http.headers, authorization: `Bearer ${token}` } } : http,
  };
}
