import { defaultQueryOptions, type QueryOptions } from '@opsroom/promql';
import type { OpsroomConfig } from '../config/config.js';
import type { Clock } from '../model/clock.js';

/** How expressions of rules are evaluated. */
export function ruleQueryOptions(
  config: Pick<OpsroomConfig, 'query' | 'global'>,
  clock: Pick<Clock, 'monotonicMs'>,
): QueryOptions {
  const { lookbackMs, timeoutMs, maxSamples, experimentalFunctions, delayedNameRemoval, typeAndUnitLabels } =
    config.query;
  return {
    ...defaultQueryOptions,
    lookbackMs,
    experimental: experimentalFunctions,
    delayedNameRemoval,
    typeAndUnitLabels,
    defaultSubqueryStepMs: config.global.evaluationIntervalMs,
    limits: { ...defaultQueryOptions.limits, timeoutMs, maxSamples },
    elapsedMs: () => clock.monotonicMs(),
  };
}
