import type { Actor } from '../../alerts/request-log.js';
import type { SocketData } from './socket-types.js';

/** Who acts through a socket, for histories. */
export const actorOf = ({ data }: { readonly data: SocketData }): Actor => ({
  name: data.identity.name,
  address: data.address,
});
