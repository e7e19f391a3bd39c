/**
 * `scrape_configs` and `remote_write` of prometheus.yml. They are checked for their form (known keys at the top of each
 * entry, names, durations), so that a file can be pasted; service discovery and relabelling are taken as they are.
 */
import type { RemoteWriteConfig, ScrapeConfig } from '../config.js';
import { defaultGlobal } from '../defaults.js';
import { duration, list, nonEmpty, oneOf, section, text, textMap, unread, url } from './values.js';

const unreadKeys = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, unread()]));

const HTTP_KEYS = [
  ...[
    'basic_auth',
    'authorization',
    'bearer_token',
    'bearer_token_file',
    'oauth2',
    'tls_config',
    'proxy_url',
    'no_proxy',
  ],
  ...['proxy_from_environment', 'proxy_connect_header', 'follow_redirects', 'enable_http2', 'http_headers'],
];

const DISCOVERY_KEYS = [
  ...[
    'azure',
    'aws',
    'consul',
    'digitalocean',
    'dns',
    'docker',
    'dockerswarm',
    'ec2',
    'eureka',
    'file',
    'gce',
    'hetzner',
  ],
  ...[
    'http',
    'ionos',
    'kubernetes',
    'kuma',
    'lightsail',
    'linode',
    'marathon',
    'nerve',
    'nomad',
    'openstack',
    'outscale',
  ],
  ...['ovhcloud', 'puppetdb', 'scaleway', 'serverset', 'stackit', 'triton', 'uyuni', 'vultr'],
].map((kind) => `${kind}_sd_configs`);

const SCRAPE_KEYS = [
  ...['scrape_protocols', 'fallback_scrape_protocol', 'scrape_failure_log_file', 'honor_labels', 'honor_timestamps'],
  ...['track_timestamps_staleness', 'params', 'enable_compression', 'relabel_configs', 'metric_relabel_configs'],
  ...[
    'body_size_limit',
    'sample_limit',
    'label_limit',
    'label_name_length_limit',
    'label_value_length_limit',
    'target_limit',
  ],
  ...['keep_dropped_targets', 'native_histogram_bucket_limit', 'native_histogram_min_bucket_factor'],
  ...['scrape_classic_histograms', 'always_scrape_classic_histograms', 'convert_classic_histograms_to_nhcb'],
  ...[
    'scrape_native_histograms',
    'metric_name_validation_scheme',
    'metric_name_escaping_scheme',
    'extra_scrape_metrics',
  ],
];

const staticConfig = section('static_configs', {
  targets: list(nonEmpty()).default([]),
  labels: textMap().default({}),
});

export const scrapeConfig = section('scrape_configs', {
  job_name: nonEmpty(),
  scrape_interval: duration().optional(),
  scrape_timeout: duration().optional(),
  metrics_path: text().default('/metrics'),
  scheme: oneOf(['http', 'https']).default('http'),
  static_configs: list(staticConfig).default([]),
  ...unreadKeys([...HTTP_KEYS, ...DISCOVERY_KEYS, ...SCRAPE_KEYS]),
});

export const remoteWrite = section('remote_write', {
  url: url(),
  name: text().default(''),
  ...unreadKeys(HTTP_KEYS),
  ...unreadKeys(['protobuf_message', 'remote_timeout', 'headers', 'write_relabel_configs', 'send_exemplars']),
  ...unreadKeys(['send_native_histograms', 'round_robin_dns', 'sigv4', 'azuread', 'google_iam', 'queue_config']),
  ...unreadKeys(['metadata_config']),
}).transform((value): RemoteWriteConfig => ({ url: value.url, name: value.name }));

type ScrapeSection = ReturnType<typeof scrapeConfig.parse>;

/** A scrape without its own interval or timeout has the global ones; the timeout never exceeds the interval. */
export function resolveScrape(
  one: ScrapeSection,
  global: { readonly scrape_interval: number; readonly scrape_timeout?: number | undefined },
): ScrapeConfig {
  const scrapeIntervalMs = one.scrape_interval ?? global.scrape_interval;
  return {
    jobName: one.job_name,
    scrapeIntervalMs,
    scrapeTimeoutMs: one.scrape_timeout ?? Math.min(global.scrape_timeout ?? DEFAULT_TIMEOUT_MS, scrapeIntervalMs),
    metricsPath: one.metrics_path,
    scheme: one.scheme,
    staticTargets: one.static_configs,
  };
}

const DEFAULT_TIMEOUT_MS = Math.min(10_000, defaultGlobal.scrapeIntervalMs);
