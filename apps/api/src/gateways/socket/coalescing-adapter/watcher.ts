import type { Position } from '@opsroom/contracts';
import type { Socket } from 'socket.io';
import { textFrame } from './text-frame.js';
import { wireOf } from './wire.js';

/** Bundles that a watcher with credit may have unanswered: more would be shown too late to matter. */
const CREDIT_BUNDLES = 3;

/** A frame of a topic, encoded once for all who get it. */
export interface QueuedFrame {
  readonly room: string;
  readonly bytes: Buffer;
  /** The packet's text, for transports that frame it themselves. */
  readonly encoded: string;
  /** The position that a watcher has before it. */
  readonly after: Position;
  readonly evaluatedMs: number;
}

export interface WatcherOptions {
  readonly monotonicMs: () => number;
  /** A watcher that takes nothing for so long is cut. */
  readonly stallLimitMs: number;
  readonly onAcked: (latencyMs: number) => void;
  /** The watcher takes frames again, but some of these rooms are missing: each needs a catch-up from its position. */
  readonly onGaps: (socket: Socket, gaps: ReadonlyMap<string, Position>) => void;
}

/**
 * What one socket still has to get. While it takes what it is sent, everything queued goes out in one write per tick. When it
 * does not, at most one frame per room waits; with a second one both are dropped and the room has a gap, to be mended in one
 * piece once the socket takes frames again.
 */
export class Watcher {
  private frames: QueuedFrame[] = [];
  private readonly gaps = new Map<string, Position>();
  private blockedSinceMs: number | undefined;
  private sequence = 0;
  private acked = 0;
  private readonly sentMs = new Map<number, number>();
  private readonly credit: boolean;
  /** It stands in the list of the next flush. */
  dirty = false;

  constructor(
    readonly socket: Socket,
    private readonly options: WatcherOptions,
  ) {
    this.credit = socket.handshake.auth.credit === true;
    if (this.credit) socket.on('bundle:done', (sequence: unknown) => this.done(sequence));
  }

  /** True if it must be flushed. */
  enqueue(frame: QueuedFrame): boolean {
    const { blockedSinceMs } = this;
    if (blockedSinceMs !== undefined && this.options.monotonicMs() - blockedSinceMs > this.options.stallLimitMs) {
      this.socket.disconnect(true);
      return false;
    }
    if (this.gaps.has(frame.room)) return false;
    if (blockedSinceMs === undefined) {
      this.frames.push(frame);
      return true;
    }
    const waiting = this.frames.find((other) => other.room === frame.room);
    if (waiting) this.drop(waiting);
    else this.frames.push(frame);
    return false;
  }

  /** The watcher has left the room, or gets all of it anew. */
  forget(room: string): void {
    this.gaps.delete(room);
    this.frames = this.frames.filter((frame) => frame.room !== room);
  }

  /** Takes what it is sent, as far as is known. */
  get ready(): boolean {
    return this.blockedSinceMs === undefined && wireOf(this.socket).kind !== 'full';
  }

  /** Writes what is queued, if the watcher takes it. Gives when the first frame of it was evaluated. */
  flush(): number | undefined {
    const [first] = this.frames;
    if (this.blockedSinceMs !== undefined || !first) return undefined;
    if (this.credit && this.sequence - this.acked >= CREDIT_BUNDLES) return this.block();
    const wire = wireOf(this.socket);
    switch (wire.kind) {
      case 'closed':
        this.close();
        return undefined;
      case 'full':
        wire.drained(() => this.unblock());
        return this.block();
      case 'raw': {
        const parts = this.frames.map((frame) => frame.bytes);
        if (this.credit) parts.push(textFrame(this.endOfBundle()));
        wire.socket.write(parts.length === 1 ? parts[0] : Buffer.concat(parts));
        break;
      }
      case 'engine':
        for (const frame of this.frames) wire.connection.write(frame.encoded, { compress: false });
        if (this.credit) wire.connection.write(this.endOfBundle(), { compress: false });
    }
    this.frames = [];
    return first.evaluatedMs;
  }

  close(): void {
    this.frames = [];
    this.gaps.clear();
  }

  private endOfBundle(): string {
    const sequence = ++this.sequence;
    this.sentMs.set(sequence, this.options.monotonicMs());
    return `2${this.socket.nsp.name},["bundle:end",${sequence}]`;
  }

  private done(sequence: unknown): void {
    if (typeof sequence !== 'number' || sequence <= this.acked || sequence > this.sequence) return;
    const sentMs = this.sentMs.get(sequence);
    if (sentMs !== undefined) this.options.onAcked(this.options.monotonicMs() - sentMs);
    for (const older of this.sentMs.keys()) if (older <= sequence) this.sentMs.delete(older);
    const waited = this.sequence - this.acked >= CREDIT_BUNDLES;
    this.acked = sequence;
    if (waited) this.unblock();
  }

  private block(): undefined {
    this.blockedSinceMs ??= this.options.monotonicMs();
  }

  private unblock(): void {
    if (this.blockedSinceMs === undefined) return;
    this.blockedSinceMs = undefined;
    this.flush();
    if (this.blockedSinceMs !== undefined || this.gaps.size === 0) return;
    const gaps = new Map(this.gaps);
    this.options.onGaps(this.socket, gaps);
  }

  private drop(frame: QueuedFrame): void {
    this.gaps.set(frame.room, frame.after);
    this.frames.splice(this.frames.indexOf(frame), 1);
  }
}
