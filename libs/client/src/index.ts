export type { AlertsState } from './alerts-topics.js';
export { connect, type OpsroomClient } from './connect.js';
export type { ConnectionState } from './connection.js';
export type { Health } from './health.js';
export type { MetricsTopicSpec, TopicState } from './metrics-topic.js';
export type { Watch } from './metrics-topics.js';
export type { ConnectOptions } from './options.js';
