import { isSnapshot, type MetricsDelta, type MetricsFrame, type MetricsSnapshot } from '@opsroom/contracts';
import type { Namespace } from 'socket.io';
import { type BroadcastOptions, SessionAwareAdapter } from 'socket.io-adapter';
import { textFrame } from './text-frame.js';
import { type QueuedFrame, Watcher, type WatcherOptions } from './watcher.js';

export interface CoalescingOptions extends WatcherOptions {
  /** A frame that was evaluated then has been written; told for one watcher of each slice. */
  readonly onSent: (evaluatedMs: number) => void;
}

/** Watchers that are written to before the rest of the process gets a turn. */
const SLICE = 64;

const EVENT = 2;

interface Encoder {
  encode(packet: EventPacket): unknown[];
}

interface EventPacket {
  readonly type: number;
  readonly id?: number;
  readonly data: readonly unknown[];
  nsp?: string;
}

/** A connection, for packets that are encoded already. */
interface PacketWriter {
  writeToEngine(encoded: unknown[], options: { readonly compress: boolean }): void;
}

/**
 * Frames of topics go out encoded once per room and written once per watcher and tick, which costs a system call for each
 * watcher instead of one for each frame; see Watcher for those that are slow. What a client receives are ordinary Socket.IO
 * packets. Everything else that is broadcast takes the stock path, after the frames that stand before it.
 *
 * Connection state recovery is left out: it would keep every frame of every topic, and a resumed position does it better.
 */
export class CoalescingAdapter extends SessionAwareAdapter {
  private readonly watchers = new Map<string, Watcher>();
  private dirty: Watcher[] = [];
  private scheduled = false;
  private readonly snapshots = new WeakMap<MetricsSnapshot, unknown[]>();
  /** Since the start: frames handed to watchers, and flushes that wrote them. */
  readonly counts = { queued: 0, flushed: 0 };

  constructor(
    private readonly namespace: Namespace,
    private readonly options: CoalescingOptions,
  ) {
    super(namespace);
  }

  /** Whether the installed Socket.IO is made as this adapter needs it; where it is not, the stock adapter does its work. */
  static fits(nsp: Namespace): boolean {
    const { encoder, opts } = nsp.server as unknown as {
      encoder?: Partial<Encoder>;
      opts?: { connectionStateRecovery?: object };
    };
    return (
      typeof encoder?.encode === 'function' &&
      typeof opts?.connectionStateRecovery === 'object' &&
      nsp.sockets instanceof Map &&
      typeof stockBroadcast === 'function'
    );
  }

  /** Sends one watcher what it missed of a room, in order with what others of the room get. */
  send(id: string, room: string, delta: MetricsDelta): void {
    const frame = this.frame(room, { type: EVENT, data: ['topic:frame', delta] }, delta);
    const watcher = this.watcherOf(id);
    if (!frame || !watcher) return;
    watcher.forget(room);
    if (watcher.enqueue(frame)) this.schedule(watcher);
  }

  /** Sends one watcher all of a room. Encoded once for all who get the same snapshot, as many do after a restart. */
  sendSnapshot(id: string, room: string, snapshot: MetricsSnapshot): void {
    const socket = this.namespace.sockets.get(id);
    if (!socket) return;
    this.watchers.get(id)?.forget(room);
    const client = socket.client as unknown as Partial<PacketWriter>;
    if (typeof client.writeToEngine !== 'function') return void socket.emit('topic:frame', snapshot);
    let encoded = this.snapshots.get(snapshot);
    if (!encoded) {
      const { encoder } = this as unknown as { encoder: Encoder };
      encoded = encoder.encode({ type: EVENT, nsp: this.namespace.name, data: ['topic:frame', snapshot] });
      this.snapshots.set(snapshot, encoded);
    }
    client.writeToEngine(encoded, { compress: false });
  }

  /** The watcher takes what it is sent, as far as is known. */
  ready(id: string): boolean {
    return this.watcherOf(id)?.ready ?? true;
  }

  override broadcast(packet: EventPacket, opts: BroadcastOptions): void {
    const frame = packet.type === EVENT && packet.id === undefined ? deltaOf(packet.data) : undefined;
    const [room] = opts.rooms;
    if (!frame || opts.rooms.size !== 1 || (opts.except?.size ?? 0) > 0) return this.broadcastStock(packet, opts);
    const queued = this.frame(room, packet, frame);
    if (!queued) return this.broadcastStock(packet, opts);
    for (const id of this.rooms.get(room) ?? []) {
      const watcher = this.watcherOf(id);
      if (watcher?.enqueue(queued)) this.schedule(watcher);
    }
  }

  override delAll(id: string): void {
    super.delAll(id);
    this.watchers.get(id)?.close();
    this.watchers.delete(id);
  }

  override del(id: string, room: string): void {
    void super.del(id, room);
    this.watchers.get(id)?.forget(room);
  }

  override persistSession(): void {
    // See the class.
  }

  override restoreSession(): never {
    // What stands for "nothing to restore" is missing from the type.
    return null as never;
  }

  private frame(room: string, packet: EventPacket, delta: MetricsDelta): QueuedFrame | undefined {
    packet.nsp = this.namespace.name;
    const { encoder } = this as unknown as { encoder: Encoder };
    const encoded = encoder.encode(packet);
    const [text] = encoded;
    if (encoded.length !== 1 || typeof text !== 'string') return undefined;
    return {
      room,
      bytes: textFrame(text),
      encoded: text,
      after: { epoch: delta.e, offset: delta.b ?? delta.o - 1 },
      evaluatedMs: delta.v,
    };
  }

  private schedule(watcher: Watcher): void {
    this.counts.queued++;
    if (!watcher.dirty) {
      watcher.dirty = true;
      this.dirty.push(watcher);
    }
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.flush());
  }

  private watcherOf(id: string): Watcher | undefined {
    const known = this.watchers.get(id);
    if (known) return known;
    const socket = this.namespace.sockets.get(id);
    if (!socket) return undefined;
    const watcher = new Watcher(socket, this.options);
    this.watchers.set(id, watcher);
    return watcher;
  }

  private flush(): void {
    const slice = this.dirty.splice(0, SLICE);
    let evaluatedMs: number | undefined;
    for (const watcher of slice) {
      watcher.dirty = false;
      const written = watcher.flush();
      evaluatedMs ??= written;
      this.counts.flushed++;
    }
    if (evaluatedMs !== undefined) this.options.onSent(evaluatedMs);
    this.scheduled = this.dirty.length > 0;
    if (this.scheduled) setImmediate(() => this.flush());
  }

  /** In order with the frames before it. */
  private broadcastStock(packet: EventPacket, opts: BroadcastOptions): void {
    while (this.dirty.length > 0) this.flush();
    stockBroadcast.call(this, packet, opts);
  }
}

/** The plain adapter's way, without the log that recovery would need. */
const stockBroadcast = (Object.getPrototypeOf(SessionAwareAdapter.prototype) as SessionAwareAdapter).broadcast;

function deltaOf([event, frame]: readonly unknown[]): MetricsDelta | undefined {
  if (event !== 'topic:frame' || typeof frame !== 'object' || frame === null) return undefined;
  const candidate = frame as MetricsFrame;
  return isSnapshot(candidate) ? undefined : candidate;
}
