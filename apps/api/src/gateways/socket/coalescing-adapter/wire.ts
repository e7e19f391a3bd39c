import type { Socket as RawSocket } from 'node:net';
import type { Socket } from 'socket.io';

/**
 * The inside of a Socket.IO connection, as far as the coalescing adapter relies on it. None of it is a public interface, so
 * each use is checked here first; where something is not as expected the connection is written to in the ordinary way.
 */
interface Connection {
  readonly readyState: string;
  readonly transport: Transport;
  readonly writeBuffer: readonly unknown[];
  write(data: string, options: { compress: boolean }): void;
  once(event: 'drain' | 'upgrade', listener: () => void): void;
}

interface Transport {
  readonly name: string;
  readonly perMessageDeflate?: unknown;
  readonly socket?: { readonly readyState: number; readonly extensions?: string; readonly _socket?: RawSocket | null };
}

/** What can be done for a watcher now. */
export type Wire =
  /** Whole frames can go straight to the network socket. */
  | { readonly kind: 'raw'; readonly socket: RawSocket }
  /** Packets go through Engine.IO: polling, or a websocket that is not as expected. */
  | { readonly kind: 'engine'; readonly connection: Pick<Connection, 'write'> }
  /** The connection has not taken what was written before; `drained` calls back once when it has. */
  | { readonly kind: 'full'; readonly drained: (listener: () => void) => void }
  | { readonly kind: 'closed' };

/** What the kernel has not taken yet may be this much, in bytes, before a watcher counts as slow. */
const HIGH_WATER_BYTES = 256 * 1024;

/**
 * How a watcher can be written to now. While Engine.IO has nothing waiting, all that it was given before is in the network
 * socket's own queue (nothing is compressed), so raw writes keep the order.
 */
export function wireOf(socket: Socket): Wire {
  const connection = connectionOf(socket);
  if (connection?.readyState !== 'open') return { kind: 'closed' };
  if (connection.writeBuffer.length > 0)
    return { kind: 'full', drained: (listener) => afterDrain(connection, listener) };
  const raw = rawSocketOf(connection.transport);
  if (!raw) return { kind: 'engine', connection };
  if (raw.writableLength > HIGH_WATER_BYTES) {
    return { kind: 'full', drained: (listener) => void raw.once('drain', listener) };
  }
  return { kind: 'raw', socket: raw };
}

function connectionOf(socket: Socket): Connection | undefined {
  const connection: Partial<Connection> | undefined = socket.conn as unknown as Partial<Connection>;
  const usable =
    typeof connection?.write === 'function' &&
    typeof connection.once === 'function' &&
    Array.isArray(connection.writeBuffer) &&
    typeof connection.transport?.name === 'string';
  return usable ? (connection as Connection) : undefined;
}

function rawSocketOf(transport: Transport): RawSocket | undefined {
  if (transport.name !== 'websocket' || transport.perMessageDeflate) return undefined;
  const websocket = transport.socket;
  const raw = websocket?._socket;
  if (websocket?.readyState !== 1 || websocket.extensions) return undefined;
  const usable = raw && typeof raw.write === 'function' && typeof raw.writableLength === 'number' && raw.writable;
  return usable ? raw : undefined;
}

/** A change of transport can come without a drain. */
function afterDrain(connection: Connection, listener: () => void): void {
  let called = false;
  const once = (): void => {
    if (called) return;
    called = true;
    // The transport becomes writable only after its own listeners have run.
    setImmediate(listener);
  };
  connection.once('drain', once);
  connection.once('upgrade', once);
}
