import type { ErrorCode } from '@opsroom/contracts';

/** A request about accounts that is refused, with words for the person who asked. */
export class AccountError extends Error {
  override readonly name = 'AccountError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    /** With `too_many_requests`: when to try again. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}
