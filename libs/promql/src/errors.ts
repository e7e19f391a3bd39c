import type { TextRange } from '@opsroom/contracts';

/** The expression cannot be read or does not type-check. `range` is where, in characters of the text. */
export class PromqlSyntaxError extends Error {
  override readonly name = 'PromqlSyntaxError';

  constructor(
    message: string,
    readonly range: TextRange,
  ) {
    super(message);
  }
}

/** The expression is right but its data are not: many-to-many matching, a duplicate series, an invalid parameter. */
export class PromqlExecutionError extends Error {
  override readonly name = 'PromqlExecutionError';
}

/** The query touches more than its limits allow, took too long or was cancelled. */
export class PromqlLimitError extends Error {
  override readonly name = 'PromqlLimitError';

  constructor(
    readonly limit: 'samples' | 'series' | 'points' | 'time' | 'cancelled',
    message: string,
  ) {
    super(message);
  }
}
