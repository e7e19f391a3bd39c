import type { NamespaceName, RequestError } from '@opsroom/contracts';
import { requestSchemas } from '@opsroom/contracts/schemas';
import { acknowledgementOf } from './acknowledgement.js';
import { PacketLimit } from './packet-limit.js';
import type { AnySocket } from './socket-types.js';

/** What clients say without an ack; the adapter of /metrics counts these itself. */
const SIGNALS: ReadonlySet<string> = new Set(['bundle:done']);

/**
 * Stands before every packet of a socket: refuses what the contract does not know and what comes too fast, both in the ack. A
 * sender that goes on regardless is cut; nobody else notices.
 */
export function guardPackets(
  socket: AnySocket,
  options: { readonly requestsPerSecond: number; readonly monotonicMs: () => number },
): void {
  const known: object = requestSchemas[socket.nsp.name as NamespaceName] ?? {};
  const limit = new PacketLimit(options.requestsPerSecond, options.monotonicMs());
  socket.use(([event, ...args], next) => {
    if (SIGNALS.has(event)) return next();
    const refuse = (error: RequestError): void => acknowledgementOf(args)?.({ ok: false, error });
    const refused = limit.take(options.monotonicMs());
    if (refused) {
      refuse(refused.error);
      if (refused.drop) socket.disconnect(true);
      return;
    }
    if (!Object.hasOwn(known, event)) {
      return refuse({ code: 'bad_request', message: `${socket.nsp.name} knows no request "${event.slice(0, 64)}"` });
    }
    next();
  });
}
