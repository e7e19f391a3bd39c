import { Injectable } from '@nestjs/common';
import { defaultQueryOptions, type QueryOptions } from '@opsroom/promql';
import { OpsroomConfig } from '../config/config.js';
import { Clock } from '../model/clock.js';
import { Store } from '../storage/store.js';
import { QueryableQuery } from './evaluation/queryable-query.js';

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

/** In: expressions of rules. Out: their values in the store now. Owns: their plans. */
@Injectable()
export class StoreQuery extends QueryableQuery {
  constructor(store: Store, config: OpsroomConfig, clock: Clock) {
    super(store, ruleQueryOptions(config, clock));
  }
}
