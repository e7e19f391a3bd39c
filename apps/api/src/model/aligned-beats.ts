import { Observable, Subscription } from 'rxjs';
import type { Clock } from './clock.js';

/** See `Clock.beats`. Shared by every clock that has `nowMs` and `after`. */
export function alignedBeats(
  clock: Pick<Clock, 'nowMs' | 'after'>,
  periodMs: number,
  phaseMs: number,
): Observable<number> {
  return new Observable((subscriber) => {
    let lastBeatMs = -Infinity;
    const pending = new Subscription();
    const aim = (): void => {
      const nowMs = clock.nowMs();
      const nextMs = Math.max((Math.floor((nowMs - phaseMs) / periodMs) + 1) * periodMs, lastBeatMs + periodMs);
      // The system clock may have been set back: never wait much longer than a period for the next beat.
      const delayMs = Math.min(nextMs + phaseMs - nowMs, 2 * periodMs);
      const wait = clock.after(delayMs).subscribe({
        error: (error: unknown) => subscriber.error(error),
        next: () => {
          pending.remove(wait);
          const beatMs = Math.floor((clock.nowMs() - phaseMs) / periodMs) * periodMs;
          // A timer may fire a little early; the beat that was aimed at has then not been reached.
          if (beatMs > lastBeatMs || beatMs < lastBeatMs - periodMs) {
            lastBeatMs = beatMs;
            subscriber.next(beatMs);
          }
          if (!subscriber.closed) aim();
        },
      });
      pending.add(wait);
    };
    aim();
    return pending;
  });
}
