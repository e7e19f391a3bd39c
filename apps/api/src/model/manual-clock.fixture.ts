import { Observable } from 'rxjs';
import { alignedBeats } from './aligned-beats.js';
import { Clock } from './clock.js';

/** A clock for tests: time stands still until `advance` moves it, running what falls due in order. */
export class ManualClock extends Clock {
  private due: { atMs: number; run: () => void }[] = [];

  constructor(private timeMs = 1_700_000_000_000) {
    super();
  }

  nowMs(): number {
    return this.timeMs;
  }

  monotonicMs(): number {
    return this.timeMs;
  }

  after(delayMs: number): Observable<void> {
    return new Observable((subscriber) => {
      const entry = {
        atMs: this.timeMs + Math.max(0, delayMs),
        run: () => {
          subscriber.next();
          subscriber.complete();
        },
      };
      this.due.push(entry);
      return () => {
        this.due = this.due.filter((other) => other !== entry);
      };
    });
  }

  beats(periodMs: number, phaseMs = 0): Observable<number> {
    return alignedBeats(this, periodMs, phaseMs);
  }

  /** Moves time on, firing timers at their own times. */
  advance(ms: number): void {
    const untilMs = this.timeMs + ms;
    for (;;) {
      const next = this.due.filter((entry) => entry.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.due = this.due.filter((entry) => entry !== next);
      this.timeMs = Math.max(this.timeMs, next.atMs);
      next.run();
    }
    this.timeMs = untilMs;
  }

  /** Sets wall time as an administrator or NTP would, without firing anything. */
  set(timeMs: number): void {
    this.timeMs = timeMs;
  }
}
