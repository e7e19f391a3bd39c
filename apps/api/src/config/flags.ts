import type { OpsroomConfig } from './config.js';
import { printDuration, printSize } from './quantities.js';

const durationText = (ms: number): string => (Number.isFinite(ms) ? printDuration(ms) : 'unlimited');

/** The switches with the values in force, as `status/flags` shows them. */
export function configFlags(
  config: Pick<OpsroomConfig, 'process' | 'storage' | 'topics' | 'query' | 'accounts'>,
): Record<string, string> {
  const { process, storage, topics, query, accounts } = config;
  return {
    'accounts.anonymous': accounts.anonymous ?? '',
    'accounts.session': durationText(accounts.sessionMs),
    'allow-origin': process.allowedOrigins.join(','),
    'base-path': process.basePath,
    'external-url': process.externalUrl,
    config: process.configFile ?? '',
    data: process.dataDir,
    host: process.host,
    port: String(process.port),
    'query.delayed-name-removal': String(query.delayedNameRemoval),
    'query.experimental-functions': String(query.experimentalFunctions),
    'query.lookback-delta': durationText(query.lookbackMs),
    'query.max-concurrency': String(query.maxConcurrency),
    'query.max-samples': String(query.maxSamples),
    'query.timeout': durationText(query.timeoutMs),
    'query.type-and-unit-labels': String(query.typeAndUnitLabels),
    'storage.fsync-interval': durationText(storage.fsyncIntervalMs),
    'storage.future-tolerance': durationText(storage.futureToleranceMs),
    'storage.max-series-per-source': String(storage.maxSeriesPerSource),
    'storage.out-of-order-window': durationText(storage.outOfOrderWindowMs),
    'storage.retention': durationText(storage.retentionMs),
    'storage.retention-size': printSize(storage.retentionBytes),
    'topics.coalesce': durationText(topics.coalesceMs),
    'topics.history-frames': String(topics.historyFrames),
    'topics.history-size': printSize(topics.historyBytes),
    'topics.linger': durationText(topics.lingerMs),
    'topics.max-requests-per-second': String(topics.maxRequestsPerSecond),
    'topics.max-series-per-topic': String(topics.maxSeriesPerTopic),
    'topics.max-topics-per-socket': String(topics.maxTopicsPerSocket),
    'trusted-proxy': process.trustedProxies.join(','),
  };
}
