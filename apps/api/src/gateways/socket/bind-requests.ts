import type { MessageMappingProperties } from '@nestjs/websockets';
import { defer, type Observable } from 'rxjs';
import { acknowledgementOf } from './acknowledgement.js';
import type { AnySocket } from './socket-types.js';

/**
 * Listens for a gateway's requests on one socket, with one plain listener each: the framework's own way keeps a chain of
 * operators for every request of every socket, some 70 KB a connection. A reply goes to the request's ack and nowhere else.
 */
export function bindRequests(
  socket: Pick<AnySocket, 'on'>,
  handlers: readonly MessageMappingProperties[],
  transform: (result: unknown) => Observable<unknown>,
  failed: (error: unknown) => void,
): void {
  for (const { message, callback } of handlers) {
    socket.on(message as string, (...payload: unknown[]) => {
      const ack = acknowledgementOf(payload) as ((reply: unknown) => void) | undefined;
      const data = payload[0] === ack ? undefined : payload[0];
      defer(() => transform(callback(data, ack))).subscribe({
        next: (reply) => {
          if (reply !== undefined && reply !== null) ack?.(reply);
        },
        error: failed,
      });
    });
  }
}
