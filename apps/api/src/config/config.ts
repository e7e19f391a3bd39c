import type { MatcherSpec, Role } from '@opsroom/contracts';

/**
 * Everything that can be set, checked and with its defaults filled in. Durations are in ms, sizes in bytes. The process's own
 * switches (`--host`, `--port`, `--data`, …) are in `ProcessOptions`; what a file may hold is here. Each section belongs to
 * the folder of its name. Injected by its class name: `constructor(private readonly config: OpsroomConfig)`.
 */
export abstract class OpsroomConfig {
  abstract readonly process: ProcessOptions;
  abstract readonly global: GlobalConfig;
  abstract readonly storage: StorageConfig;
  abstract readonly topics: TopicsConfig;
  abstract readonly accounts: AccountsConfig;
  abstract readonly query: QueryConfig;
  /** Absolute paths with globs, as in prometheus.yml's `rule_files`. Empty: the built-in rules for the host. */
  abstract readonly ruleFiles: readonly string[];
  /** As in alertmanager.yml; absent where the file has none. */
  abstract readonly route: RouteConfig | undefined;
  abstract readonly receivers: readonly ReceiverConfig[];
  abstract readonly inhibitRules: readonly InhibitRuleConfig[];
  abstract readonly timeIntervals: readonly TimeIntervalConfig[];
  /** What prometheus.yml says about scraping and sending; checked for form, see `scrape-section.ts`. */
  abstract readonly scrapeConfigs: readonly ScrapeConfig[];
  abstract readonly remoteWrite: readonly RemoteWriteConfig[];
  /** Absolute paths with globs of Go template files, as in alertmanager.yml's `templates`. */
  abstract readonly templateFiles: readonly string[];
  /** After which an alert that came by the Alertmanager API is resolved if its sender is silent (`global.resolve_timeout`). */
  abstract readonly resolveTimeoutMs: number;
  /** The text that it was read from, secrets blanked; '' when there is no file. For `status/config`. */
  abstract readonly text: string;
  /** Every switch with the value in force, by name without dashes. For `status/flags`. */
  abstract readonly flags: Readonly<Record<string, string>>;
  /** What the file asks for that is not done, each with file and line; printed at the start. */
  abstract readonly warnings: readonly string[];
}

/** The same members without the class. */
export type ConfigValues = { readonly [K in keyof OpsroomConfig]: OpsroomConfig[K] };

export function makeConfig(values: ConfigValues): OpsroomConfig {
  return Object.assign(Object.create(OpsroomConfig.prototype) as OpsroomConfig, values);
}

export interface ProcessOptions {
  readonly host: string;
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  /** Absolute; undefined when there is no file. */
  readonly configFile: string | undefined;
  /** '' or '/ops': starts with a slash, does not end in one. */
  readonly basePath: string;
  /** Where people reach this server, for links in messages: with the base path, without a slash at the end. */
  readonly externalUrl: string;
  /** Addresses of proxies whose forwarded headers are believed; loopback always is. */
  readonly trustedProxies: readonly string[];
  /** Origins that may open sockets and send forms, besides the server's own. */
  readonly allowedOrigins: readonly string[];
}

export interface GlobalConfig {
  readonly scrapeIntervalMs: number;
  readonly evaluationIntervalMs: number;
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly ruleQueryOffsetMs: number;
}

export interface StorageConfig {
  /** By wall clock; 0: kept for ever. */
  readonly retentionMs: number;
  /** 0: no bound. */
  readonly retentionBytes: number;
  /** How much older than its series' newest a sample may be; Infinity: any age. */
  readonly outOfOrderWindowMs: number;
  /** How far ahead of the clock a sample may be. */
  readonly futureToleranceMs: number;
  readonly fsyncIntervalMs: number;
  readonly maxSeriesPerSource: number;
}

export interface TopicsConfig {
  readonly lingerMs: number;
  readonly coalesceMs: number;
  readonly maxTopicsPerSocket: number;
  readonly maxRequestsPerSecond: number;
  readonly maxSeriesPerTopic: number;
  readonly historyFrames: number;
  readonly historyBytes: number;
}

export interface QueryConfig {
  readonly lookbackMs: number;
  readonly timeoutMs: number;
  readonly maxSamples: number;
  readonly maxConcurrency: number;
  readonly experimentalFunctions: boolean;
  readonly delayedNameRemoval: boolean;
  readonly typeAndUnitLabels: boolean;
}

export interface AccountsConfig {
  /** Role of strangers; undefined: none. */
  readonly anonymous: Role | undefined;
  readonly sessionMs: number;
}

export interface RouteConfig {
  readonly receiver: string | undefined;
  readonly matchers: readonly MatcherSpec[];
  /** Undefined: inherited. '...' groups by all labels. */
  readonly groupBy: readonly string[] | undefined;
  readonly groupWaitMs: number | undefined;
  readonly groupIntervalMs: number | undefined;
  readonly repeatIntervalMs: number | undefined;
  readonly continue: boolean;
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
  readonly routes: readonly RouteConfig[];
}

export interface ReceiverConfig {
  readonly name: string;
  readonly webhooks: readonly WebhookConfig[];
  readonly emails: readonly EmailConfig[];
  readonly slacks: readonly SlackConfig[];
}

export interface WebhookConfig {
  readonly sendResolved: boolean;
  readonly url: string;
  /** 0: all. */
  readonly maxAlerts: number;
  /** 0: the notifier's own. */
  readonly timeoutMs: number;
  readonly http: HttpClientConfig;
}

/** How HTTP requests are made, from `http_config`. */
export interface HttpClientConfig {
  /** Beside those of the request, names in lower case; `authorization` too. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls?: TlsConfig;
  /** Without a URL: what HTTP_PROXY, HTTPS_PROXY and NO_PROXY say. */
  readonly proxy?: { readonly url?: string; readonly noProxy?: string };
}

/** PEM texts, and names of protocols as Node has them. */
export interface TlsConfig {
  readonly insecureSkipVerify: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
}

type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

export interface EmailConfig {
  readonly sendResolved: boolean;
  readonly to: string;
  readonly from: string;
  readonly smarthost: string;
  readonly hello: string;
  readonly authUsername: string;
  readonly authPassword: string;
  /** For CRAM-MD5; '' otherwise. */
  readonly authSecret?: string;
  readonly requireTls: boolean;
  /** TLS from the start, whatever the port; absent: on port 465. */
  readonly implicitTls?: boolean;
  readonly tls?: TlsConfig;
  readonly headers: Readonly<Record<string, string>>;
  readonly html: string;
  readonly text: string;
}

export interface SlackConfig {
  readonly sendResolved: boolean;
  readonly apiUrl: string;
  readonly channel: string;
  readonly username: string;
  readonly title: string;
  readonly titleLink: string;
  readonly text: string;
  readonly color: string;
  readonly pretext?: string;
  readonly fallback?: string;
  readonly footer?: string;
  readonly iconEmoji?: string;
  readonly iconUrl?: string;
  readonly imageUrl?: string;
  readonly thumbUrl?: string;
  readonly linkNames?: boolean;
  readonly shortFields?: boolean;
  readonly fields?: readonly { readonly title: string; readonly value: string; readonly short: boolean | undefined }[];
  readonly callbackId?: string;
  /** Parts of the attachment in which Slack's markup is read. */
  readonly mrkdwnIn?: readonly string[];
  readonly actions?: readonly SlackAction[];
  /** 0: the notifier's own. */
  readonly timeoutMs: number;
  /** Has a Slack app's token, where there is one, as its authorization. */
  readonly http: HttpClientConfig;
}

/** A button under the message. Texts are templates; absent ones are left out. */
export interface SlackAction {
  readonly type: string;
  readonly text: string;
  readonly url: string | undefined;
  readonly style: string | undefined;
  readonly name: string | undefined;
  readonly value: string | undefined;
  readonly confirm:
    | {
        readonly text: string;
        readonly title: string | undefined;
        readonly okText: string | undefined;
        readonly dismissText: string | undefined;
      }
    | undefined;
}

export interface ScrapeConfig {
  readonly jobName: string;
  readonly scrapeIntervalMs: number;
  readonly scrapeTimeoutMs: number;
  readonly metricsPath: string;
  readonly scheme: string;
  readonly staticTargets: readonly {
    readonly targets: readonly string[];
    readonly labels: Readonly<Record<string, string>>;
  }[];
}

export interface RemoteWriteConfig {
  readonly url: string;
  readonly name: string;
}

export interface InhibitRuleConfig {
  readonly sourceMatchers: readonly MatcherSpec[];
  readonly targetMatchers: readonly MatcherSpec[];
  readonly equal: readonly string[];
  /** Labels of a target that name its parents, each with the source's label that has the name: `{parent: 'instance'}`. */
  readonly parentLabels: Readonly<Record<string, string>>;
}

/** Ranges are inclusive; minutes count from midnight, the end is exclusive. Empty lists match everything. */
export interface TimeIntervalConfig {
  readonly name: string;
  readonly intervals: readonly {
    readonly times: readonly { readonly startMinute: number; readonly endMinute: number }[];
    /** 0 is Sunday. */
    readonly weekdays: readonly { readonly start: number; readonly end: number }[];
    /** Negative counts from the month's end. */
    readonly daysOfMonth: readonly { readonly start: number; readonly end: number }[];
    readonly months: readonly { readonly start: number; readonly end: number }[];
    readonly years: readonly { readonly start: number; readonly end: number }[];
    readonly location: string;
  }[];
}
