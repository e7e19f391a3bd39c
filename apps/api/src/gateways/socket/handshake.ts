import type { ErrorCode } from '@opsroom/contracts';
import { AccountError } from '../../accounts/account-error.js';
import type { AccountsService, Credentials } from '../../accounts/accounts.service.js';
import type { AnySocket } from './socket-types.js';
import { HANDSHAKE_RETRY_MS, type Turns } from './turns.js';

/** The part of the accounts that a handshake needs. */
export type Identifies = Pick<AccountsService, 'identify'>;

/** Namespace middleware: handshakes go on in their turn; what comes when too many wait is told when to come back. */
export function admit(turns: Turns): (socket: AnySocket, next: (error?: Error) => void) => void {
  return (_socket, next) => {
    if (turns.take(() => next())) return;
    next(new HandshakeRefused('unavailable', 'too many connect at once; try again later', HANDSHAKE_RETRY_MS));
  };
}

/**
 * Namespace middleware: nobody gets in without an identity. A browser brings its session's cookie; a program brings an
 * `Authorization` header or, where it cannot set headers, `auth: {token}`.
 */
export function authenticate(
  accounts: Identifies,
  addressOf: (socket: AnySocket) => string,
): (socket: AnySocket, next: (error?: Error) => void) => void {
  return (socket, next) => {
    const address = addressOf(socket);
    accounts.identify({ ...credentialsOf(socket), address }).then(
      (identity) => {
        if (identity === null) return next(new HandshakeRefused('unauthenticated', 'no valid session or token'));
        socket.data.identity = identity;
        socket.data.address = address;
        next();
      },
      (error: unknown) => next(refusalOf(error)),
    );
  };
}

/** Cookie and authorization of a socket's handshake. */
function credentialsOf(socket: AnySocket): Omit<Credentials, 'address'> {
  const { cookie, authorization } = socket.handshake.headers;
  const token: unknown = socket.handshake.auth.token;
  return {
    cookie,
    authorization: authorization ?? (typeof token === 'string' && token !== '' ? `Bearer ${token}` : undefined),
  };
}

function refusalOf(error: unknown): HandshakeRefused {
  if (error instanceof AccountError) return new HandshakeRefused(error.code, error.message);
  return new HandshakeRefused('internal', 'the identity could not be checked');
}

/** Reaches the client as `connect_error` with `data: {code, retryAfterMs?}`. */
export class HandshakeRefused extends Error {
  readonly data: { readonly code: ErrorCode; readonly retryAfterMs?: number };

  constructor(code: ErrorCode, message: string, retryAfterMs?: number) {
    super(message);
    this.data = { code, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
}
