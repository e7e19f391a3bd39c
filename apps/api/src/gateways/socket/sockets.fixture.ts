import 'reflect-metadata';
import type { DynamicModule, INestApplication, Provider, Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type {
  ClientEvents,
  NamespaceName,
  Reply,
  RequestInput,
  RequestName,
  RequestOutput,
  ServerEvents,
} from '@opsroom/contracts';
import { Test } from '@nestjs/testing';
import type { AddressInfo } from 'node:net';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { Identified } from '../../accounts/accounts.service.js';
import { testConfig, type ConfigOverrides } from '../../config/config.fixture.js';
import { SystemClock } from '../../model/clock.js';
import { OpsroomSocketAdapter, type SocketDependencies } from './opsroom-socket.adapter.js';
import { Requests } from './requests.js';

export type Client<N extends NamespaceName> = Socket<ServerEvents<N>, ClientEvents<N>>;

/** A real server with the given gateways on a free port, and real clients; `close` ends all of it. */
export class SocketBench {
  private readonly clients: Socket[] = [];

  private constructor(
    readonly app: INestApplication,
    readonly url: string,
  ) {}

  static async start(
    parts: { readonly imports?: (Type | DynamicModule)[]; readonly providers?: Provider[] },
    options: {
      readonly config?: ConfigOverrides;
      readonly dependencies?: Partial<SocketDependencies> | ((app: INestApplication) => Partial<SocketDependencies>);
      readonly port?: number;
    } = {},
  ): Promise<SocketBench> {
    const module = await Test.createTestingModule({
      imports: [DiscoveryModule, ...(parts.imports ?? [])],
      providers: [Requests, ...(parts.providers ?? [])],
    }).compile();
    const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    app.useWebSocketAdapter(
      new OpsroomSocketAdapter(app, {
        config: testConfig(options.config),
        clock: new SystemClock(),
        accounts: { identify: () => Promise.resolve(administrator) },
        requests: app.get(Requests, { strict: false }),
        refuseHandshake: () => undefined,
        addressOf: (request) => request.socket.remoteAddress ?? '',
        ...(typeof options.dependencies === 'function' ? options.dependencies(app) : options.dependencies),
      }),
    );
    await app.listen(options.port ?? 0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return new SocketBench(app, `http://127.0.0.1:${port}`);
  }

  /** A client that has not connected yet. */
  client<N extends NamespaceName>(namespace: N, options: Partial<ManagerOptions & SocketOptions> = {}): Client<N> {
    const client = io(this.url + namespace, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...options,
    });
    this.clients.push(client);
    return client;
  }

  async connected<N extends NamespaceName>(
    namespace: N,
    options: Partial<ManagerOptions & SocketOptions> = {},
  ): Promise<Client<N>> {
    const client = this.client(namespace, options);
    await new Promise<void>((resolve, reject) => {
      client.on('connect' as never, resolve as never);
      client.on('connect_error' as never, reject as never);
    });
    return client;
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.disconnect();
    await this.app.close();
  }
}

export const administrator: Identified = {
  name: 'ana',
  role: 'administrator',
  via: 'session',
  credential: 'session 1',
};

/** Sends a request and gives its reply. */
export function ask<N extends NamespaceName, E extends RequestName<N>>(
  client: Client<N>,
  event: E,
  input: RequestInput<N, E>,
): Promise<Reply<RequestOutput<N, E>>> {
  return (client as unknown as Socket).timeout(5_000).emitWithAck(event, input);
}
