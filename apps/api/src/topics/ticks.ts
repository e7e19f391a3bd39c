import {
  audit,
  defer,
  forkJoin,
  map,
  merge,
  type Observable,
  race,
  share,
  startWith,
  switchMap,
  take,
  tap,
} from 'rxjs';
import type { Clock } from '../model/clock.js';

/** Why topics are looked at: samples came, or time has passed (`beatMs` is the beat's own time). */
export type Tick = { readonly kind: 'arrival' } | { readonly kind: 'beat'; readonly beatMs: number };

/** The part of the coalescing window after which a burst that has gone quiet is over. */
const QUIET_PART = 1 / 5;

interface TickOptions {
  readonly clock: Pick<Clock, 'after' | 'monotonicMs'>;
  readonly coalesceMs: number;
}

/**
 * When to evaluate: once a burst of marks has gone quiet, at the latest `coalesceMs` after its first, and never twice within
 * `coalesceMs`, so that what arrives together is evaluated together and a lone batch hardly waits; and once a second for topics
 * that time alone can change.
 */
export function topicTicks(
  marked$: Observable<unknown>,
  beats$: Observable<number>,
  options: TickOptions,
): Observable<Tick> {
  return merge(
    gathered(marked$, options).pipe(map((): Tick => ({ kind: 'arrival' }))),
    beats$.pipe(map((beatMs): Tick => ({ kind: 'beat', beatMs }))),
  );
}

function gathered(marked$: Observable<unknown>, { clock, coalesceMs }: TickOptions): Observable<unknown> {
  return defer(() => {
    let lastMs = -Infinity;
    const marks$ = marked$.pipe(share());
    const quiet$ = marks$.pipe(
      startWith(undefined),
      switchMap(() => clock.after(coalesceMs * QUIET_PART)),
    );
    return marks$.pipe(
      audit(() => {
        const over$ = race(quiet$, clock.after(coalesceMs)).pipe(take(1));
        const restMs = lastMs + coalesceMs - clock.monotonicMs();
        return restMs > 0 ? forkJoin([over$, clock.after(restMs)]) : over$;
      }),
      tap(() => (lastMs = clock.monotonicMs())),
    );
  });
}
