import type { Queryable } from '@opsroom/promql';
import type { Reach } from './reach.js';

/** Time of the newest sample that an expression's selectors find at or before `nowMs` within its reach; 0 if there is none. */
export function newestSample(store: Queryable, reach: Reach, nowMs: number): number {
  let newestMs = 0;
  for (const matchers of reach.selectors) {
    for (const { timestamps, from, to } of store.select(matchers, nowMs - reach.mostMs, nowMs)) {
      if (to > from) newestMs = Math.max(newestMs, timestamps[to - 1]);
    }
  }
  return newestMs;
}
