import type { NamespaceName, Reply } from '@opsroom/contracts';
import { PacketLimit } from './packet-limit.js';
import type { Requests } from './requests.js';
import type { AnySocket } from './socket-types.js';
import type { Turns } from './turns.js';

/** What clients say without an ack; the adapter of /metrics counts these itself. */
const SIGNALS: ReadonlySet<string> = new Set(['bundle:done']);

export interface ReceiveOptions {
  readonly requestsPerSecond: number;
  readonly monotonicMs: () => number;
  readonly requests: Pick<Requests, 'handlerOf'>;
  readonly turns: Turns;
}

/**
 * Takes every packet of a socket: a request goes to its handler and the reply to the request's ack. What the contract does not
 * know and what comes too fast is refused, in the ack too. A sender that goes on regardless is cut; nobody else notices.
 */
export function receiveRequests(socket: AnySocket, options: ReceiveOptions): void {
  const limit = new PacketLimit(options.requestsPerSecond, options.monotonicMs());
  const namespace = socket.nsp.name as NamespaceName;
  socket.use(([event, ...args], next) => {
    if (SIGNALS.has(event)) return next();
    const acknowledge = acknowledgementOf(args);
    const refused = limit.take(options.monotonicMs());
    if (refused) {
      acknowledge?.({ ok: false, error: refused.error });
      if (refused.drop) socket.disconnect(true);
      return;
    }
    const handler = options.requests.handlerOf(namespace, event);
    if (!handler) {
      const message = `${namespace} knows no request "${event.slice(0, 64)}"`;
      return acknowledge?.({ ok: false, error: { code: 'bad_request', message } });
    }
    const [input] = args as readonly unknown[];
    options.turns.take(() => void handler(socket, input === acknowledge ? undefined : input).then(acknowledge));
  });
}

/** The function that answers a packet, if its sender asked for an answer. */
function acknowledgementOf(values: readonly unknown[]): ((reply: Reply) => void) | undefined {
  return values.find((value): value is (reply: Reply) => void => typeof value === 'function');
}
