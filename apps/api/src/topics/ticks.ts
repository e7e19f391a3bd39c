import { audit, map, merge, type Observable } from 'rxjs';
import type { Clock } from '../model/clock.js';

/** Why topics are looked at: samples came, or time has passed (`beatMs` is the beat's own time). */
export type Tick = { readonly kind: 'arrival' } | { readonly kind: 'beat'; readonly beatMs: number };

/**
 * When to evaluate: `coalesceMs` after the first of a burst of marks, so that what arrives together is evaluated together, and
 * once a second for topics that time alone can change.
 */
export function topicTicks(
  marked$: Observable<unknown>,
  beats$: Observable<number>,
  options: { readonly clock: Pick<Clock, 'after'>; readonly coalesceMs: number },
): Observable<Tick> {
  return merge(
    marked$.pipe(
      audit(() => options.clock.after(options.coalesceMs)),
      map((): Tick => ({ kind: 'arrival' })),
    ),
    beats$.pipe(map((beatMs): Tick => ({ kind: 'beat', beatMs }))),
  );
}
