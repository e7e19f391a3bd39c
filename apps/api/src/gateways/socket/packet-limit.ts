import type { RequestError } from '@opsroom/contracts';

/** A token bucket: `perSecond` requests on average, twice as many at once. Times are monotonic ms. */
export class PacketLimit {
  private tokens: number;
  private lastMs: number;
  private refusedInARow = 0;

  constructor(
    private readonly perSecond: number,
    nowMs: number,
  ) {
    this.tokens = 2 * perSecond;
    this.lastMs = nowMs;
  }

  /** Undefined: the request may pass. `drop` is set when the sender goes on and on and should be cut. */
  take(nowMs: number): { readonly error: RequestError; readonly drop: boolean } | undefined {
    this.tokens = Math.min(2 * this.perSecond, this.tokens + ((nowMs - this.lastMs) * this.perSecond) / 1000);
    this.lastMs = nowMs;
    if (this.tokens >= 1) {
      this.tokens -= 1;
      this.refusedInARow = 0;
      return undefined;
    }
    this.refusedInARow++;
    return {
      error: {
        code: 'too_many_requests',
        message: `at most ${this.perSecond} requests per second on one socket`,
        retryAfterMs: Math.ceil(((1 - this.tokens) * 1000) / this.perSecond),
      },
      drop: this.refusedInARow > 10 * this.perSecond,
    };
  }
}
