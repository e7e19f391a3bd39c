/** Local time in ms since 1970 that never goes back while the page lives. */
export const localNowMs = (): number => performance.timeOrigin + performance.now();

const SPAN_MS = 60_000;

/**
 * How far the server's clock is from the local one, from the frames' own times. A frame is never older than its way here, so
 * the least difference seen lately is the best estimate; two spans take turns, so that an old one wears off.
 */
export class ServerClock {
  private current = Infinity;
  private previous = Infinity;
  private spanStartMs = -Infinity;

  /** A frame that was made at `serverMs` has arrived at `localMs`. */
  observe(serverMs: number, localMs: number): void {
    if (localMs - this.spanStartMs > SPAN_MS) {
      this.previous = this.current;
      this.current = Infinity;
      this.spanStartMs = localMs;
    }
    this.current = Math.min(this.current, localMs - serverMs);
  }

  /** After a lost connection or a sleep the old estimate may be wrong. */
  reset(): void {
    this.current = this.previous = Infinity;
    this.spanStartMs = -Infinity;
  }

  /** The server's time at `localMs`; local time while nothing is known. */
  at(localMs: number): number {
    const difference = Math.min(this.current, this.previous);
    return Number.isFinite(difference) ? localMs - difference : localMs;
  }
}
