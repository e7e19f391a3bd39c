import { connect, type OpsroomClient } from '@opsroom/client';
import type {
  ErrorCode,
  NamespaceName,
  RequestError,
  RequestInput,
  RequestName,
  RequestOutput,
} from '@opsroom/contracts';
import type { Observable, Subscription } from 'rxjs';

let client: OpsroomClient | undefined;

/** Follows a stream of the client; one that fails is a fault of this page, so it is told where developers look. */
export const listen = <T>(stream: Observable<T>, take: (value: T) => void): Subscription =>
  stream.subscribe({ next: take, error: (error: unknown) => console.error(error) });

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

/** A request of the contract whose refusal is thrown. */
export async function ask<N extends NamespaceName, E extends RequestName<N>>(
  namespace: N,
  name: E,
  input: RequestInput<N, E>,
): Promise<RequestOutput<N, E>> {
  const reply = await server().request(namespace, name, input);
  if (!reply.ok) throw new RequestRefused(reply.error);
  return reply;
}

/** Names one act, so that sending it twice does it once. */
export const newRequestId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
