import { type ConfigValues, makeConfig, type OpsroomConfig } from './config.js';
import {
  DEFAULT_RESOLVE_TIMEOUT_MS,
  defaultAccounts,
  defaultGlobal,
  defaultProcess,
  defaultQuery,
  defaultStorage,
  defaultTopics,
} from './defaults.js';

/** Each section may be given in part; the rest is the default. */
export type ConfigOverrides = {
  readonly [K in keyof OpsroomConfig]?: OpsroomConfig[K] extends readonly unknown[] | string | number | undefined
    ? OpsroomConfig[K]
    : Partial<OpsroomConfig[K]>;
};

/** A configuration for tests: the defaults, a data folder that nobody should write to, and what the test says. */
export function testConfig(overrides: ConfigOverrides = {}): OpsroomConfig {
  const { process, global, storage, topics, accounts, query, ...rest } = overrides;
  return makeConfig({
    ruleFiles: [],
    route: undefined,
    receivers: [],
    inhibitRules: [],
    timeIntervals: [],
    scrapeConfigs: [],
    remoteWrite: [],
    templateFiles: [],
    resolveTimeoutMs: DEFAULT_RESOLVE_TIMEOUT_MS,
    text: '',
    warnings: [],
    flags: {},
    ...(rest as Partial<ConfigValues>),
    process: { ...defaultProcess, dataDir: '/nonexistent/opsroom', ...process },
    global: { ...defaultGlobal, ...global },
    storage: { ...defaultStorage, ...storage },
    topics: { ...defaultTopics, ...topics },
    accounts: { ...defaultAccounts, ...accounts },
    query: { ...defaultQuery, ...query },
  });
}
