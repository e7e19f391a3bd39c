import type {
  AccountsConfig,
  GlobalConfig,
  ProcessOptions,
  QueryConfig,
  StorageConfig,
  TopicsConfig,
} from './config.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
const MIB = 1024 * 1024;

/** What holds where neither a switch, the environment nor opsroom.yml says otherwise. Shared parts are Prometheus's own defaults. */
export const defaultGlobal: GlobalConfig = {
  scrapeIntervalMs: MINUTE,
  evaluationIntervalMs: MINUTE,
  externalLabels: {},
  ruleQueryOffsetMs: 0,
};

export const defaultStorage: StorageConfig = {
  retentionMs: 15 * DAY,
  retentionBytes: 0,
  outOfOrderWindowMs: 0,
  futureToleranceMs: 10 * MINUTE,
  fsyncIntervalMs: SECOND,
  maxSeriesPerSource: 1_000_000,
};

export const defaultTopics: TopicsConfig = {
  lingerMs: 30 * SECOND,
  coalesceMs: 50,
  maxTopicsPerSocket: 100,
  maxRequestsPerSecond: 50,
  maxSeriesPerTopic: 1000,
  historyFrames: 900,
  historyBytes: 4 * MIB,
};

export const defaultQuery: QueryConfig = {
  lookbackMs: 5 * MINUTE,
  timeoutMs: 2 * MINUTE,
  maxSamples: 50_000_000,
  maxConcurrency: 20,
  experimentalFunctions: false,
  delayedNameRemoval: false,
  typeAndUnitLabels: false,
};

export const defaultAccounts: AccountsConfig = { anonymous: undefined, sessionMs: 14 * DAY };

export const defaultProcess: Omit<ProcessOptions, 'dataDir'> = {
  host: '127.0.0.1',
  port: 3000,
  configFile: undefined,
  basePath: '',
  externalUrl: 'http://127.0.0.1:3000',
  trustedProxies: [],
  allowedOrigins: [],
};

export const DEFAULT_RESOLVE_TIMEOUT_MS = 5 * MINUTE;
