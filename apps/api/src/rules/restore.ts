import { createMatcher, isStale, type Labels, type Queryable } from '@opsroom/promql';
import { OUTAGE_TOLERANCE_MS, restoredActiveAtMs } from './evaluation/condition.js';

/** Since when an alert was active before the server went down, by ALERTS_FOR_STATE; undefined when it was not. */
export function storedActiveAt(store: Queryable, labels: Labels, forMs: number, atMs: number): number | undefined {
  const wanted = labels.with('__name__', 'ALERTS_FOR_STATE');
  const matchers = wanted.names.map((name, i) => createMatcher(name, '=', wanted.values[i]));
  for (const series of store.select(matchers, atMs - OUTAGE_TOLERANCE_MS, atMs)) {
    if (series.labels.key !== wanted.key || series.to <= series.from) continue;
    const last = series.to - 1;
    if (isStale(series.values, last)) return undefined;
    const stored = { sampleMs: series.timestamps[last], activeAtMs: series.values[last] * 1000 };
    return restoredActiveAtMs(stored, forMs, atMs);
  }
  return undefined;
}
