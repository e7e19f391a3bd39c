import type { INestApplicationContext } from '@nestjs/common';
import { NAMESPACES } from '@opsroom/contracts';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { Adapter } from 'socket.io-adapter';
import type { IncomingMessage } from 'node:http';
import type { Namespace, Server, ServerOptions } from 'socket.io';
import type { OpsroomConfig } from '../../config/config.js';
import type { Clock } from '../../model/clock.js';
import { admit, authenticate, HandshakeRefused, type Identifies } from './handshake.js';
import { receiveRequests } from './receive-requests.js';
import type { Requests } from './requests.js';
import type { AnyServer, AnySocket } from './socket-types.js';
import { handshakeTurns, requestTurns, type Turns } from './turns.js';

/** Largest packet that a client may send, in bytes: ten thousand alerts acknowledged at once still fit. */
const MAX_PACKET_BYTES = 1_000_000;

/** Requests reach this without the base path. */
const PATH = '/socket.io/';

/** What the sockets need of the rest of the server. */
export interface SocketDependencies {
  readonly config: OpsroomConfig;
  readonly clock: Clock;
  readonly accounts: Identifies;
  readonly requests: Pick<Requests, 'handlerOf'>;
  /** Undefined: the handshake may go on. Otherwise why not, naming the setting that would allow it. */
  readonly refuseHandshake: (request: IncomingMessage) => string | undefined;
  /** Pages of this origin may read what polling answers. */
  readonly mayRead?: (origin: string) => boolean;
  /** Address of the client behind trusted proxies. */
  readonly addressOf: (request: IncomingMessage) => string;
  /** Makes a namespace's adapter; undefined for the stock one. */
  readonly adapterFor?: (namespace: Namespace) => Adapter;
  readonly onServer?: (server: AnyServer) => void;
}

/**
 * Socket.IO as this server runs it: one path, websocket and polling, short pings so that a dead
 * connection is known within ten seconds, no compression (it costs ten times the processor and 200 KB a connection),
 * every namespace behind the handshake's checks.
 */
export class OpsroomSocketAdapter extends IoAdapter {
  private readonly guarded = new Set<string>();
  private readonly handshakes: Turns;
  private readonly requests: Turns;

  constructor(
    app: INestApplicationContext | object,
    private readonly dependencies: SocketDependencies,
  ) {
    super(app);
    const { clock } = dependencies;
    const error = (cause: unknown): void => this.logger.error('clients no longer get their turn', cause);
    const later = (delayMs: number, next: () => void): void => void clock.after(delayMs).subscribe({ next, error });
    this.handshakes = handshakeTurns(later);
    this.requests = requestTurns(later, () => clock.monotonicMs());
  }

  override createIOServer(port: number, options?: Partial<ServerOptions>): Server {
    const { mayRead } = this.dependencies;
    const makeAdapter = this.dependencies.adapterFor ?? ((namespace: Namespace) => new Adapter(namespace));
    const settings: Partial<ServerOptions> = {
      ...options,
      path: PATH,
      transports: ['websocket', 'polling'],
      serveClient: false,
      maxHttpBufferSize: MAX_PACKET_BYTES,
      perMessageDeflate: false,
      httpCompression: false,
      pingInterval: 5_000,
      pingTimeout: 5_000,
      connectTimeout: 10_000,
      // Only so that its adapter can be built upon; recovery itself is by positions.
      connectionStateRecovery: { maxDisconnectionDuration: 0, skipMiddlewares: false },
      // Called with `new` for each namespace; what it returns is the adapter.
      adapter: function adapterFor(namespace: Namespace) {
        return makeAdapter(namespace);
      },
      cors: {
        origin: (origin, callback) => callback(null, origin !== undefined && (mayRead?.(origin) ?? false)),
        credentials: true,
      },
      allowRequest: (request, callback) => {
        const refusal = this.dependencies.refuseHandshake(request);
        callback(refusal ?? null, refusal === undefined);
      },
    };
    const server = super.createIOServer(port, settings as ServerOptions);
    server.use((_socket, next) =>
      next(new HandshakeRefused('not_found', "connect to one of this server's namespaces")),
    );
    this.dependencies.onServer?.(server as AnyServer);
    for (const name of Object.values(NAMESPACES)) this.guard(server.of(name));
    return server;
  }

  /** Nothing to do: `receiveRequests` takes all packets of a socket. */
  override bindMessageHandlers(): void {}

  private guard(namespace: Namespace): void {
    if (this.guarded.has(namespace.name)) return;
    this.guarded.add(namespace.name);
    const { accounts, addressOf, config, clock, requests } = this.dependencies;
    const receiving = {
      requestsPerSecond: config.topics.maxRequestsPerSecond,
      monotonicMs: () => clock.monotonicMs(),
      requests,
      turns: this.requests,
    };
    namespace.use(admit(this.handshakes));
    namespace.use(authenticate(accounts, (socket) => addressOf(socket.request)));
    namespace.on('connection', (socket: AnySocket) => receiveRequests(socket, receiving));
  }
}
