import { connect, type OpsroomClient } from '@opsroom/client';
import type {
  ErrorCode,
  NamespaceName,
  Reply,
  RequestError,
  RequestInput,
  RequestName,
  RequestOutput,
} from '@opsroom/contracts';

let client: OpsroomClient | undefined;

/** The page's one connection to its server, made when first asked for. Nothing is sent before something is watched. */
export function server(): OpsroomClient {
  client ??= connect({ url: document.baseURI });
  return client;
}

/** Ends the connection: after logout. The next `server()` makes a new one. */
export function leaveServer(): void {
  client?.close();
  client = undefined;
}

/** A request that the server refused, or that never got an answer (`code` unavailable). */
export class RequestRefused extends Error {
  constructor(readonly error: RequestError) {
    super(error.message);
    this.name = 'RequestRefused';
  }

  get code(): ErrorCode {
    return this.error.code;
  }
}

/** The reply's content; throws RequestRefused when the server said no or nothing. */
export function contentOf<T extends object>(reply: Reply<T>): T {
  if (!reply.ok) throw new RequestRefused(reply.error);
  return reply;
}

/** A request of the contract whose refusal is thrown. */
export async function ask<N extends NamespaceName, E extends RequestName<N>>(
  namespace: N,
  name: E,
  input: RequestInput<N, E>,
): Promise<RequestOutput<N, E>> {
  return contentOf(await server().request(namespace, name, input)) as RequestOutput<N, E>;
}

/** Names one act, so that sending it twice does it once. */
export const newRequestId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
