/** The sections that are Opsroom's own. Every key is a switch too: `--storage.retention 30d`, `OPSROOM_STORAGE_RETENTION`. */
import { ROLES } from '@opsroom/contracts';
import { type z } from 'zod';
import type { AccountsConfig, QueryConfig, StorageConfig, TopicsConfig } from '../config.js';
import { defaultAccounts, defaultQuery, defaultStorage, defaultTopics } from '../defaults.js';
import { parseDuration } from '../quantities.js';
import {
  booleanSetting,
  countSetting,
  duration,
  durationSetting,
  oneOf,
  scalar,
  section,
  size,
  sizeSetting,
  unread,
  wordSetting,
} from './values.js';

const unlimitedDuration = () =>
  scalar('a duration such as 1h30m, or "unlimited"', (value) =>
    value === 'unlimited' ? Infinity : parseDuration(value),
  );

/** As in prometheus.yml, so that its `storage` section can be pasted; the keys beside it win. */
const tsdb = section('storage.tsdb', {
  out_of_order_time_window: unlimitedDuration().optional(),
  retention: section('storage.tsdb.retention', {
    time: duration().optional(),
    size: size().optional(),
    percentage: unread(),
  }).optional(),
});

const storageSettings = {
  retention: durationSetting('how long samples are kept; 0: for ever', defaultStorage.retentionMs),
  retention_size: sizeSetting(
    'how much disk samples may take, oldest go first; 0: no bound',
    defaultStorage.retentionBytes,
  ),
  out_of_order_window: wordSetting(
    "how much older than its series' newest a sample may be; unlimited: any age",
    unlimitedDuration().default(defaultStorage.outOfOrderWindowMs),
  ),
  future_tolerance: durationSetting('how far ahead of the clock a sample may be', defaultStorage.futureToleranceMs),
  fsync_interval: durationSetting(
    'how often samples reach the disk: what a crash can lose',
    defaultStorage.fsyncIntervalMs,
  ),
  max_series_per_source: countSetting(
    'series that one source may have with a sample in the last hour',
    defaultStorage.maxSeriesPerSource,
  ),
};

const storage = section('storage', { ...storageSettings, tsdb: tsdb.optional(), exemplars: unread() });

const topicsSettings = {
  linger: durationSetting('how long a topic outlives its last watcher', defaultTopics.lingerMs),
  coalesce: durationSetting(
    'how long arriving samples are gathered before topics are evaluated',
    defaultTopics.coalesceMs,
  ),
  max_topics_per_socket: countSetting('topics that one connection may watch', defaultTopics.maxTopicsPerSocket),
  max_requests_per_second: countSetting('requests that one connection may make', defaultTopics.maxRequestsPerSecond),
  max_series_per_topic: countSetting('series that one topic may have', defaultTopics.maxSeriesPerTopic),
  history_frames: countSetting(
    "frames kept for watchers that come back, of the topic's window at most",
    defaultTopics.historyFrames,
  ),
  history_size: sizeSetting('memory for the frames of one topic', defaultTopics.historyBytes),
};

const querySettings = {
  lookback_delta: durationSetting('how far an instant selector looks back', defaultQuery.lookbackMs),
  timeout: durationSetting('how long a query may take', defaultQuery.timeoutMs),
  max_samples: countSetting('samples that a query may hold at once', defaultQuery.maxSamples),
  max_concurrency: countSetting('queries evaluated at once; others wait', defaultQuery.maxConcurrency),
  experimental_functions: booleanSetting(
    'functions, aggregations and modifiers that Prometheus keeps behind feature flags',
    defaultQuery.experimentalFunctions,
  ),
  delayed_name_removal: booleanSetting(
    'drop metric names at the end of a query instead of in each operator',
    defaultQuery.delayedNameRemoval,
  ),
  type_and_unit_labels: booleanSetting(
    'tell counters by the labels __type__ and __unit__ instead of by their names',
    defaultQuery.typeAndUnitLabels,
  ),
};

const accountsSettings = {
  anonymous: wordSetting(
    'role of visitors who have not logged in; above viewer only on loopback',
    oneOf(ROLES).optional(),
  ),
  session: durationSetting('how long an unused login lasts', defaultAccounts.sessionMs),
};

/** The settings by section, for switches, the environment and `--help`. */
export const ownSettings: Readonly<Record<string, Readonly<Record<string, z.ZodType>>>> = {
  storage: storageSettings,
  topics: topicsSettings,
  query: querySettings,
  accounts: accountsSettings,
};

export const ownShape = {
  storage: storage.prefault({}).transform((s): StorageConfig => ({
    retentionMs: s.tsdb?.retention?.time ?? s.retention,
    retentionBytes: s.tsdb?.retention?.size ?? s.retention_size,
    outOfOrderWindowMs: s.tsdb?.out_of_order_time_window ?? s.out_of_order_window,
    futureToleranceMs: s.future_tolerance,
    fsyncIntervalMs: s.fsync_interval,
    maxSeriesPerSource: s.max_series_per_source,
  })),
  topics: section('topics', topicsSettings)
    .prefault({})
    .transform((t): TopicsConfig => ({
      lingerMs: t.linger,
      coalesceMs: t.coalesce,
      maxTopicsPerSocket: t.max_topics_per_socket,
      maxRequestsPerSecond: t.max_requests_per_second,
      maxSeriesPerTopic: t.max_series_per_topic,
      historyFrames: t.history_frames,
      historyBytes: t.history_size,
    })),
  query: section('query', querySettings)
    .prefault({})
    .transform((q): QueryConfig => ({
      lookbackMs: q.lookback_delta,
      timeoutMs: q.timeout,
      maxSamples: q.max_samples,
      maxConcurrency: q.max_concurrency,
      experimentalFunctions: q.experimental_functions,
      delayedNameRemoval: q.delayed_name_removal,
      typeAndUnitLabels: q.type_and_unit_labels,
    })),
  accounts: section('accounts', accountsSettings)
    .prefault({})
    .transform((a): AccountsConfig => ({ anonymous: a.anonymous, sessionMs: a.session })),
};
