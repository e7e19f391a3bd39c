import { Injectable, Logger } from '@nestjs/common';
import { isSnapshot, NAMESPACES, type MetricsFrame, type Position } from '@opsroom/contracts';
import type { Namespace } from 'socket.io';
import { Adapter } from 'socket.io-adapter';
import { Clock } from '../../model/clock.js';
import { TopicMetrics } from '../../topics/topic-metrics.js';
import { CoalescingAdapter } from './coalescing-adapter/coalescing-adapter.js';
import type { OpsroomSocket } from './socket-types.js';
import type { SyncTransport } from './topic-sync.js';

/** A watcher that takes nothing for so long is cut; it comes back with its position. */
const STALL_LIMIT_MS = 60_000;

type GapListener = (socket: OpsroomSocket<'/metrics'>, gaps: ReadonlyMap<string, Position>) => void;

/**
 * In: namespaces as the server makes them. Out: the adapter of each (coalescing on /metrics, stock elsewhere), and frames to
 * single watchers. Owns: the choice, and the fall back to stock where Socket.IO is not made as expected.
 */
@Injectable()
export class MetricsDelivery implements SyncTransport {
  private readonly logger = new Logger(MetricsDelivery.name);
  private adapter: CoalescingAdapter | undefined;
  private gapListener: GapListener = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly metrics: TopicMetrics,
  ) {}

  adapterFor(namespace: Namespace): Adapter {
    if (namespace.name !== NAMESPACES.metrics) return new Adapter(namespace);
    if (!CoalescingAdapter.fits(namespace)) {
      this.logger.warn('this Socket.IO is not as the coalescing adapter expects; frames take the stock path');
      return new Adapter(namespace);
    }
    this.adapter = new CoalescingAdapter(namespace, {
      monotonicMs: () => this.clock.monotonicMs(),
      stallLimitMs: STALL_LIMIT_MS,
      onSent: (evaluatedMs) => this.metrics.sent(this.clock.nowMs() - evaluatedMs),
      onAcked: (latencyMs) => this.metrics.acked(latencyMs),
      onGaps: (socket, gaps) => this.gapListener(socket as OpsroomSocket<'/metrics'>, gaps),
    });
    return this.adapter;
  }

  /** Called when a slow watcher takes frames again, with what it has of each room of which it missed some. */
  onGaps(listener: GapListener): void {
    this.gapListener = listener;
  }

  ready(socket: OpsroomSocket<'/metrics'>): boolean {
    return this.adapter?.ready(socket.id) ?? true;
  }

  send(socket: OpsroomSocket<'/metrics'>, room: string, frame: MetricsFrame): void {
    const { adapter } = this;
    if (!adapter) socket.emit('topic:frame', frame);
    else if (isSnapshot(frame)) adapter.sendSnapshot(socket.id, room, frame);
    else adapter.send(socket.id, room, frame);
  }
}
