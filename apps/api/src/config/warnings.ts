import { UNSENT_KINDS } from './sections/receivers.js';
import type { YamlSource } from './yaml-source.js';

const HTTP_KEYS = ['oauth2', 'proxy_connect_header', 'follow_redirects', 'enable_http2'];

/** Keys that are understood but change nothing yet, `*` for every entry of a list, and what a reader should know of it. */
const NOT_DONE: readonly (readonly [path: string, message: string])[] = [
  ['scrape_configs', 'is checked, but Opsroom does not scrape yet; send samples by remote write to /api/v1/write'],
  ['scrape_config_files', 'is not read'],
  ['remote_write', 'is checked, but nothing is sent on'],
  ['remote_read', 'is not used'],
  ['alerting', 'is not used: Opsroom notifies by itself, see route and receivers'],
  ['tracing', 'is not used'],
  ['otlp', 'is not used'],
  ['statsd', 'is a section for later: nothing listens for StatsD yet'],
  ['probes', 'is a section for later: nothing is probed yet'],
  ['storage.exemplars', 'is not used: exemplars are not kept'],
  ['storage.tsdb.retention.percentage', 'is not used; give a size'],
  ['global.smtp_auth_identity', 'is not used'],
  ['global.query_log_file', 'is not used'],
  ...UNSENT_KINDS.map(
    (kind) =>
      [`receivers.*.${kind}`, 'is not sent: receivers are webhook_configs, email_configs and slack_configs'] as const,
  ),
  ...['auth_identity', 'threading'].map((key) => [`receivers.*.email_configs.*.${key}`, 'is not used'] as const),
  ...['message_text', 'update_message'].map((key) => [`receivers.*.slack_configs.*.${key}`, 'is not used'] as const),
  ['receivers.*.webhook_configs.*.payload', "is not used: Alertmanager's own payload is sent"],
  ...['receivers.*.webhook_configs.*', 'receivers.*.slack_configs.*', 'global'].flatMap((place) =>
    HTTP_KEYS.map((key) => [`${place}.http_config.${key}`, 'is not used'] as const),
  ),
];

/** What the file asks for and does not get, each with its line. */
export function notDone(source: YamlSource): string[] {
  return NOT_DONE.flatMap(([path, message]) =>
    find(source.data, path.split('.'), []).map(
      (found) => `${source.locate(found, true)}: ${printPath(found)} ${message}`,
    ),
  );
}

function find(value: unknown, pattern: readonly string[], path: readonly PropertyKey[]): (readonly PropertyKey[])[] {
  const [key, ...rest] = pattern;
  if (key === undefined) return [path];
  if (key === '*') {
    return Array.isArray(value) ? value.flatMap((item: unknown, index) => find(item, rest, [...path, index])) : [];
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return [];
  return find((value as Readonly<Record<string, unknown>>)[key], rest, [...path, key]);
}

/** `receivers[2].slack_configs[0].title`. */
export function printPath(path: readonly PropertyKey[]): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i === 0 ? '' : '.'}${String(step)}`))
    .join('');
}
