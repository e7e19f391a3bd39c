import { Observable } from 'rxjs';
import { alignedBeats } from './aligned-beats.js';
import { Clock } from './clock.js';

/** A clock for tests: time stands still until `advance` moves it, running what falls due in order. */
export class ManualClock extends Clock {
  private due: { atMs: number; run: () => void }[] = [];

  private elapsedMs = 0;

  /** `baseMs` is the wall time at which it starts. */
  constructor(private baseMs = 1_700_000_000_000) {
    super();
  }

  nowMs(): number {
    return this.baseMs + this.elapsedMs;
  }

  monotonicMs(): number {
    return this.elapsedMs;
  }

  after(delayMs: number): Observable<void> {
    return new Observable((subscriber) => {
      const entry = {
        atMs: this.elapsedMs + Math.max(0, delayMs),
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
    const untilMs = this.elapsedMs + ms;
    for (;;) {
      const next = this.due.filter((entry) => entry.atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.due = this.due.filter((entry) => entry !== next);
      this.elapsedMs = Math.max(this.elapsedMs, next.atMs);
      next.run();
    }
    this.elapsedMs = untilMs;
  }

  /** Sets wall time as an administrator or NTP would: timers keep running by their own, monotonic time. */
  set(timeMs: number): void {
    this.baseMs = timeMs - this.elapsedMs;
  }
}
