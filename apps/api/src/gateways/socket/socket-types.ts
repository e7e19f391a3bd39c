import type { ClientEvents, NamespaceName, ServerEvents } from '@opsroom/contracts';
import type { DefaultEventsMap, Namespace, Server, Socket } from 'socket.io';
import type { Identified } from '../../accounts/accounts.service.js';

/** What the server knows about a socket; the handshake has put it there before any handler runs. */
export interface SocketData {
  identity: Identified;
  /** Address of the client, as the trusted proxies give it. */
  address: string;
}

/** A client in namespace `N`: only the contract's events can be sent to it. */
export type OpsroomSocket<N extends NamespaceName> = Socket<
  ClientEvents<N>,
  ServerEvents<N>,
  DefaultEventsMap,
  SocketData
>;

/** Namespace `N` of the server, for sending to rooms. */
export type OpsroomNamespace<N extends NamespaceName> = Namespace<
  ClientEvents<N>,
  ServerEvents<N>,
  DefaultEventsMap,
  SocketData
>;

/** The server and a socket where the namespace does not matter. */
export type AnyServer = Server<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>;
export type AnySocket = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>;
