import { NAMESPACES } from '@opsroom/contracts';
import type { AnyServer, AnySocket } from './socket-types.js';

/** Every socket in every namespace of the contract, as a copy that may be changed while it is walked. */
export function allSockets(server: AnyServer): AnySocket[] {
  return Object.values(NAMESPACES).flatMap((name) => [...server.of(name).sockets.values()]);
}
