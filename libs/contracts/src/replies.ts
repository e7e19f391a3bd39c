/** Why a request was refused. The texts beside them are for people; programs decide by the code. */
export const ERROR_CODES = [
  'bad_request', // the input does not have the shape that the request asks for
  'bad_expression', // the expression does not parse or does not type-check; `position` says where
  'too_expensive', // the expression touches more samples or series than the server allows
  'too_many_topics', // this socket watches as many topics as it may
  'too_many_requests', // this socket or address asks more often than it may
  'not_found',
  'forbidden', // the role does not allow it
  'unauthenticated', // no session, or it has ended
  'conflict', // somebody else was first; `winner` names them
  'unavailable', // the server is starting, draining or cannot write
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Character offsets into the text that was sent; `end` is exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export interface RequestError {
  readonly code: ErrorCode;
  /** What is wrong, where, and what would work instead. */
  readonly message: string;
  readonly position?: TextRange;
  /** With `conflict`: the account that was first. */
  readonly winner?: string;
  /** With `too_many_requests`: when to try again. */
  readonly retryAfterMs?: number;
}

/** The acknowledgement of every request. `T` has no field named `event`: the framework would emit it instead. */
export type Reply<T extends object = object> =
  ({ readonly ok: true } & T) | { readonly ok: false; readonly error: RequestError };
