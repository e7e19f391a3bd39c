import { Injectable } from '@nestjs/common';
import { defaultQueryOptions } from '@opsroom/promql';
import { OpsroomConfig } from '../config/config.js';
import { Clock } from '../model/clock.js';
import { Store } from '../storage/store.js';
import { QueryableQuery } from './evaluation/queryable-query.js';

/** In: expressions of rules. Out: their values in the store now. Owns: their plans. */
@Injectable()
export class StoreQuery extends QueryableQuery {
  constructor(store: Store, config: OpsroomConfig, clock: Clock) {
    const { lookbackMs, timeoutMs, maxSamples, experimentalFunctions, delayedNameRemoval } = config.query;
    super(store, {
      ...defaultQueryOptions,
      lookbackMs,
      experimental: experimentalFunctions,
      delayedNameRemoval,
      defaultSubqueryStepMs: config.global.evaluationIntervalMs,
      limits: { ...defaultQueryOptions.limits, timeoutMs, maxSamples },
      elapsedMs: () => clock.monotonicMs(),
    });
  }
}
