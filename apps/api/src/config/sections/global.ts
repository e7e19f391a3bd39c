/** `global`: prometheus.yml's and alertmanager.yml's keys side by side; they have none in common. */
import type { z } from 'zod';
import { defaultGlobal, DEFAULT_RESOLVE_TIMEOUT_MS } from '../defaults.js';
import { httpConfig } from './http-config.js';
import { tlsConfig } from './tls-config.js';
import { boolean, duration, section, text, textMap, unread, url } from './values.js';

/** Keys of other notifiers and of scraping: taken, since files that are pasted have them, and not used. */
const UNREAD_KEYS = [
  ...[
    'scrape_protocols',
    'query_log_file',
    'scrape_failure_log_file',
    'body_size_limit',
    'sample_limit',
    'label_limit',
  ],
  ...['label_name_length_limit', 'label_value_length_limit', 'target_limit', 'keep_dropped_targets'],
  ...['metric_name_validation_scheme', 'metric_name_escaping_scheme', 'scrape_native_histograms'],
  ...['convert_classic_histograms_to_nhcb', 'always_scrape_classic_histograms', 'extra_scrape_metrics'],
  'smtp_auth_identity',
  ...[
    'pagerduty_url',
    'opsgenie_api_url',
    'opsgenie_api_key',
    'opsgenie_api_key_file',
    'wechat_api_url',
    'wechat_api_secret',
  ],
  ...[
    'wechat_api_secret_file',
    'wechat_api_corp_id',
    'victorops_api_url',
    'victorops_api_key',
    'victorops_api_key_file',
  ],
  ...['telegram_api_url', 'telegram_bot_token', 'telegram_bot_token_file', 'webex_api_url', 'rocketchat_api_url'],
  ...['rocketchat_token', 'rocketchat_token_file', 'rocketchat_token_id', 'rocketchat_token_id_file', 'jira_api_url'],
  ...['mattermost_webhook_url', 'mattermost_webhook_url_file'],
] as const;

export const global = section('global', {
  scrape_interval: duration().default(defaultGlobal.scrapeIntervalMs),
  scrape_timeout: duration().optional(),
  evaluation_interval: duration()
    .refine((ms) => ms > 0, { error: 'must be longer than 0s' })
    .default(defaultGlobal.evaluationIntervalMs),
  rule_query_offset: duration().default(defaultGlobal.ruleQueryOffsetMs),
  external_labels: textMap().default({}),
  resolve_timeout: duration().default(DEFAULT_RESOLVE_TIMEOUT_MS),
  smtp_from: text().optional(),
  smtp_hello: text().optional(),
  smtp_smarthost: text().optional(),
  smtp_auth_username: text().optional(),
  smtp_auth_password: text().optional(),
  smtp_auth_password_file: text().optional(),
  smtp_auth_secret: text().optional(),
  smtp_auth_secret_file: text().optional(),
  smtp_require_tls: boolean().optional(),
  smtp_tls_config: tlsConfig.optional(),
  smtp_force_implicit_tls: boolean().optional(),
  slack_api_url: url().optional(),
  slack_api_url_file: text().optional(),
  slack_app_token: text().optional(),
  slack_app_token_file: text().optional(),
  slack_app_url: url().optional(),
  http_config: httpConfig.optional(),
  ...Object.fromEntries(UNREAD_KEYS.map((key) => [key, unread()])),
}).prefault({});

export type GlobalSection = z.output<typeof global>;
