import type { NamespaceName, Reply, RequestInput, RequestName, RequestOutput, Role } from '@opsroom/contracts';
import { requestSchemas } from '@opsroom/contracts/schemas';
import type { z } from 'zod';
import { answer } from './answer.js';
import type { AnySocket, OpsroomSocket } from './socket-types.js';

/** What a handler gives back: the fields of its reply beside `ok`. Where there are none it does not matter. */
type Result<O> = object extends O ? unknown : O;

type Handler<N extends NamespaceName, E extends RequestName<N>> = (
  socket: OpsroomSocket<N>,
  input: RequestInput<N, E>,
) => Result<RequestOutput<N, E>> | Promise<Result<RequestOutput<N, E>>>;

/** A request that a gateway method handles; see `handledRequests`. */
export interface HandledRequest {
  readonly namespace: NamespaceName;
  readonly event: string;
  readonly method: string;
  readonly answering: Answering;
}

/** Answers a request to a gateway, which is `this`. Never rejects: whatever happens is a reply. */
export type Answering = (this: unknown, socket: AnySocket, input: unknown) => Promise<Reply>;

const HANDLED = Symbol('handled requests');

/**
 * Makes a gateway method the handler of one request of the contract. The method gets the socket and the parsed input and
 * returns the fields of the reply, or throws a `Refusal`; `Requests` calls it. A name that the contract does not know and a wrong input or reply
 * type do not compile. `needs` is the least role that may ask; a viewer may unless it says otherwise.
 */
export function on<N extends NamespaceName, E extends RequestName<N>>(
  namespace: N,
  event: E,
  options: { readonly needs?: Role } = {},
) {
  return <H extends Handler<N, E>>(target: object, method: string, descriptor: TypedPropertyDescriptor<H>): void => {
    const handler = descriptor.value;
    if (!handler) throw new Error(`@on('${namespace}', '${event}') stands on something that is not a method`);
    const schema: z.ZodType<RequestInput<N, E>> = requestSchemas[namespace][event];
    const request = { name: event, schema, needs: options.needs ?? 'viewer' };
    const answering = function (this: unknown, socket: OpsroomSocket<N>, input: unknown): Promise<Reply> {
      return answer<RequestInput<N, E>>(request, socket.data.identity, input, (parsed) =>
        handler.call(this, socket, parsed),
      );
    };
    const handled = [...handledRequests(target), { namespace, event, method, answering }];
    Reflect.defineMetadata(HANDLED, handled, target);
  };
}

/** The requests that the methods of a gateway's prototype handle. */
export function handledRequests(prototype: object): readonly HandledRequest[] {
  return (Reflect.getMetadata(HANDLED, prototype) as readonly HandledRequest[] | undefined) ?? [];
}
