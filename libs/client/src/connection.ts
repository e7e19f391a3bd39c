import {
  type ClientEvents,
  type ErrorCode,
  NAMESPACES,
  type NamespaceName,
  type Reply,
  type RequestInput,
  type RequestName,
  type RequestOutput,
  type ServerEvents,
} from '@opsroom/contracts';
import { BehaviorSubject, Observable } from 'rxjs';
import { Manager, type Socket } from 'socket.io-client';
import { later } from './later.js';
import { endpointOf, type ConnectOptions } from './options.js';
import { localNowMs } from './server-clock.js';

/** How the connection fares, for the header of a page. */
export interface ConnectionState {
  readonly state: 'connecting' | 'connected' | 'disconnected' | 'unauthenticated';
  /** Local time. */
  readonly sinceMs: number;
  readonly message?: string;
}

type AnyEvents = Record<string, (...args: never[]) => void>;
export type NamespaceSocket<N extends NamespaceName> = Socket<ServerEvents<N>, ClientEvents<N>>;

const REPLY_TIMEOUT_MS = 10_000;
const RETRY_REFUSED_MS = 30_000;

/** One connection with a socket for each namespace that is used, all of it reconnecting by itself. */
export class Connection {
  private readonly manager: Manager;
  private readonly sockets = new Map<NamespaceName, Socket>();
  private closed = false;
  private readonly states = new BehaviorSubject<ConnectionState>({ state: 'connecting', sinceMs: localNowMs() });
  readonly state$: Observable<ConnectionState> = this.states.asObservable();

  constructor(private readonly options: ConnectOptions) {
    const { origin, path } = endpointOf(options.url);
    const settings = {
      path,
      autoConnect: false,
      transports: [...(options.transports ?? ['websocket', 'polling'])],
      tryAllTransports: true,
      withCredentials: true,
      reconnectionDelay: 300,
      reconnectionDelayMax: options.maxBackoffMs ?? 5_000,
      randomizationFactor: 0.5,
    };
    this.manager = origin === undefined ? new Manager(settings) : new Manager(origin, settings);
    this.manager.on('close', (reason) => this.enter('disconnected', reason));
    this.manager.on('error', (error) => this.enter('disconnected', error.message));
  }

  get state(): ConnectionState {
    return this.states.value;
  }

  socket<N extends NamespaceName>(namespace: N): NamespaceSocket<N> {
    const socket = this.sockets.get(namespace) ?? this.open(namespace);
    return socket;
  }

  /** Always gives a reply: one that does not come in time, or cannot be sent, is `unavailable`. */
  async request<N extends NamespaceName, E extends RequestName<N>>(
    namespace: N,
    event: E,
    input: RequestInput<N, E>,
  ): Promise<Reply<RequestOutput<N, E>>> {
    const socket = this.socket(namespace) as unknown as Socket;
    try {
      return (await socket.timeout(REPLY_TIMEOUT_MS).emitWithAck(event, input)) as Reply<RequestOutput<N, E>>;
    } catch {
      return { ok: false, error: { code: 'unavailable', message: 'the server did not answer' } };
    }
  }

  /** Events of a namespace as a stream; the namespace is connected when somebody listens. */
  events$<N extends NamespaceName, E extends keyof ServerEvents<N> & string>(
    namespace: N,
    event: E,
  ): Observable<ServerEvents<N>[E] extends (payload: infer P) => void ? P : never> {
    return new Observable((subscriber) => {
      const socket = this.socket(namespace) as unknown as Socket<AnyEvents>;
      const listener = (payload: unknown): void => subscriber.next(payload as never);
      socket.on(event, listener as never);
      return () => socket.off(event, listener as never);
    });
  }

  connected$(namespace: NamespaceName): Observable<void> {
    return new Observable((subscriber) => {
      const socket = this.socket(namespace) as unknown as Socket;
      const listener = (): void => subscriber.next();
      socket.on('connect', listener);
      if (socket.connected) subscriber.next();
      return () => socket.off('connect', listener);
    });
  }

  /** Tries again at once, for instance after a login. */
  reconnect(): void {
    for (const socket of this.sockets.values()) if (!socket.connected) socket.connect();
  }

  close(): void {
    this.closed = true;
    for (const socket of this.sockets.values()) socket.disconnect();
    this.manager._close();
    this.states.complete();
  }

  private open(namespace: NamespaceName): Socket {
    const auth = {
      ...(this.options.token !== undefined && { token: this.options.token }),
      ...(namespace === NAMESPACES.metrics && this.options.credit !== false && { credit: true }),
    };
    const socket = this.manager.socket(namespace, { auth });
    this.sockets.set(namespace, socket);
    socket.on('connect', () => this.enter('connected'));
    socket.on('connect_error', (error: Error & { data?: { code?: ErrorCode; retryAfterMs?: number } }) => {
      // A middleware's refusal has a code; the socket is then not retried by itself.
      const code = error.data?.code;
      if (code === undefined) return;
      this.enter(code === 'unauthenticated' ? 'unauthenticated' : 'disconnected', error.message);
      const retryMs = error.data?.retryAfterMs ?? (code === 'unauthenticated' ? RETRY_REFUSED_MS : 1_000);
      this.connectAfter(socket, retryMs);
    });
    socket.on('disconnect', (reason) => {
      this.enter('disconnected', reason);
      // Cut by the server (a session that ended, a restart): the library does not reconnect by itself then.
      if (reason === 'io server disconnect') this.connectAfter(socket, 300);
    });
    socket.connect();
    return socket;
  }

  /** Connects after `ms`, spread by half, unless that has happened meanwhile or the connection was closed. */
  private connectAfter(socket: Socket, ms: number): void {
    later(ms * (0.5 + Math.random()), () => {
      if (!this.closed && !socket.connected) socket.connect();
    });
  }

  private enter(state: ConnectionState['state'], message?: string): void {
    const { value } = this.states;
    if (value.state === state && value.message === message) return;
    const sinceMs = value.state === state ? value.sinceMs : localNowMs();
    this.states.next({ state, sinceMs, ...(message !== undefined && { message }) });
  }
}
