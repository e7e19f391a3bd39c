import type { Queryable } from '@opsroom/promql';
import type { Reach } from './reach.js';

/**
 * Time of the newest sample at or before `nowMs` that an expression's selectors find for a window of `windowMs` up to now; 0
 * if there is none. One that says nothing about now any more still tells how old the picture is.
 */
export function newestSample(store: Queryable, reach: Reach, windowMs: number, nowMs: number): number {
  const current = newestSince(store, reach, nowMs - reach.mostMs, nowMs);
  return current > 0 ? current : newestSince(store, reach, nowMs - windowMs - reach.mostMs, nowMs);
}

function newestSince(store: Queryable, { selectors }: Reach, fromMs: number, toMs: number): number {
  let newestMs = 0;
  for (const matchers of selectors) {
    for (const { timestamps, from, to } of store.select(matchers, fromMs, toMs)) {
      if (to > from) newestMs = Math.max(newestMs, timestamps[to - 1]);
    }
  }
  return newestMs;
}
