import type { ErrorCode, Identity } from '@opsroom/contracts';
import type { AnySocket } from './socket-types.js';

/** What a handshake brings to prove who is asking. */
export interface Credentials {
  readonly cookie: string | undefined;
  readonly authorization: string | undefined;
  readonly address: string;
}

/** The part of the accounts that a handshake needs. */
export interface Identifies {
  identify(credentials: Credentials): Identity | null | Promise<Identity | null>;
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
    const identified = async (): Promise<Identity | null> => accounts.identify({ ...credentialsOf(socket), address });
    identified().then(
      (identity) => {
        if (identity === null) return next(new HandshakeRefused('unauthenticated', 'no valid session or token'));
        socket.data.identity = identity;
        socket.data.address = address;
        next();
      },
      () => next(new HandshakeRefused('internal', 'the identity could not be checked')),
    );
  };
}

/** Cookie and authorization of a socket's handshake. */
export function credentialsOf(socket: AnySocket): Omit<Credentials, 'address'> {
  const { cookie, authorization } = socket.handshake.headers;
  const token: unknown = socket.handshake.auth['token'];
  return {
    cookie,
    authorization: authorization ?? (typeof token === 'string' && token !== '' ? `Bearer ${token}` : undefined),
  };
}

/** Reaches the client as `connect_error` with `data: {code}`. */
export class HandshakeRefused extends Error {
  readonly data: { readonly code: ErrorCode };

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.data = { code };
  }
}
