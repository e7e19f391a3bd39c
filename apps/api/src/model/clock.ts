import { Injectable } from '@nestjs/common';
import { map, Observable, switchMap, timer } from 'rxjs';
import { alignedBeats } from './aligned-beats.js';

/** Node fires a timer at once that is set for longer (2^31 - 1 ms, about 25 days). */
const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * The one clock. Nothing else reads the time or starts a timer, so that a test moves time by hand.
 */
export abstract class Clock {
  /** Wall time, ms since 1970. */
  abstract nowMs(): number;
  /** Never goes back; ms with fractions, from an arbitrary start. For durations and latencies. */
  abstract monotonicMs(): number;
  /** Emits once after `delayMs`, then completes. 0: when everything that has come meanwhile, on sockets too, has had its turn. */
  abstract after(delayMs: number): Observable<void>;
  /**
   * Emits the multiples of `periodMs` since 1970 as wall time reaches them (plus `phaseMs`). It re-aims after every beat, so it
   * does not drift, and skips beats that were missed while the machine slept or the process was busy.
   */
  abstract beats(periodMs: number, phaseMs?: number): Observable<number>;
}

/**
 * Not a timer of 0 ms, which is one of 1 ms: Node runs every timer that has become due before it looks at sockets again, so slices
 * of work that end by such timers would be one long slice.
 */
const nextTurn = new Observable<void>((subscriber) => {
  const immediate = setImmediate(() => {
    subscriber.next();
    subscriber.complete();
  });
  return () => clearImmediate(immediate);
});

@Injectable()
export class SystemClock extends Clock {
  nowMs(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }

  after(delayMs: number): Observable<void> {
    if (delayMs > LONGEST_TIMER_MS) {
      return timer(LONGEST_TIMER_MS).pipe(switchMap(() => this.after(delayMs - LONGEST_TIMER_MS)));
    }
    return delayMs <= 0 ? nextTurn : timer(delayMs).pipe(map(() => undefined));
  }

  beats(periodMs: number, phaseMs = 0): Observable<number> {
    return alignedBeats(this, periodMs, phaseMs);
  }
}
