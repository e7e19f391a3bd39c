import type { ErrorCode, RequestError } from '@opsroom/contracts';

/** A request cannot be done, for a reason that the one who asks must hear: becomes the error of the reply. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly error: RequestError;

  constructor(code: ErrorCode, message: string, details: Omit<RequestError, 'code' | 'message'> = {}) {
    super(message);
    this.error = { code, message, ...details };
  }
}
