import {
  NAMESPACES,
  type ClientEvents,
  type ErrorCode,
  type NamespaceName,
  type Reply,
  type RequestError,
  type RequestInput,
  type RequestName,
  type RequestOutput,
  type ServerEvents,
} from '@opsroom/contracts';
import { Manager, type Socket } from 'socket.io-client';

export type ServerSocket<N extends NamespaceName> = Socket<ServerEvents<N>, ClientEvents<N>>;

/** The namespaces over one connection. Each connects when its `connect()` is called. */
export interface Sockets {
  readonly manager: Manager;
  readonly alerts: ServerSocket<'/alerts'>;
  readonly rooms: ServerSocket<'/rooms'>;
  readonly status: ServerSocket<'/status'>;
}

/** Makes the sockets, none of them connected yet. They come back by themselves, first after half a second, then slower. */
export function openSockets(): Sockets {
  const base = new URL('socket.io/', document.baseURI);
  const manager = new Manager(base.origin, {
    path: base.pathname,
    transports: ['websocket', 'polling'],
    autoConnect: false,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    randomizationFactor: 0.5,
    timeout: 8_000,
  });
  return {
    manager,
    alerts: manager.socket(NAMESPACES.alerts),
    rooms: manager.socket(NAMESPACES.rooms),
    status: manager.socket(NAMESPACES.status),
  };
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

const ANSWER_WITHIN_MS = 10_000;

const notConnected = (): RequestRefused =>
  new RequestRefused({
    code: 'unavailable',
    message: 'Not connected, so nothing was sent. Try again when the page is live.',
  });

/** What `request` needs of a socket; tests stand in for it. */
export interface Asking {
  readonly connected: boolean;
  timeout(ms: number): { emitWithAck(event: string, input: unknown): Promise<unknown> };
}

/**
 * Asks and waits for the reply. Throws RequestRefused when the server says no, when it is not connected (nothing is
 * kept for later: an act that arrives minutes after the click would surprise everybody) and when no answer comes.
 */
export async function request<N extends NamespaceName, E extends RequestName<N>>(
  socket: ServerSocket<N>,
  name: E,
  input: RequestInput<N, E>,
): Promise<RequestOutput<N, E>> {
  return (await ask(socket as unknown as Asking, name, input)) as RequestOutput<N, E>;
}

/** `request` without the types of contracts. */
export async function ask(socket: Asking, name: string, input: unknown): Promise<object> {
  if (!socket.connected) throw notConnected();
  let reply: Reply;
  try {
    reply = (await socket.timeout(ANSWER_WITHIN_MS).emitWithAck(name, input)) as Reply;
  } catch {
    throw new RequestRefused({
      code: 'unavailable',
      message: 'The server did not answer. Whether it took effect shows once the page is live again.',
    });
  }
  if (!reply.ok) throw new RequestRefused(reply.error);
  return reply;
}

/** Names one act, so that sending it twice does it once. */
export const newRequestId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');
