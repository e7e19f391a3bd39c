import { Injectable, Logger } from '@nestjs/common';
import type { MetricsSubscribed, MetricsSubscribeInput } from '@opsroom/contracts';
import type { Subscription } from 'rxjs';
import { Clock } from '../../model/clock.js';
import { Refusal } from '../../model/refusal.js';
import type { TopicEvent, WatchedTopic } from '../../topics/topic-frames.js';
import { TopicsService } from '../../topics/topics.service.js';
import { MetricsDelivery } from './metrics-delivery.js';
import type { OpsroomNamespace, OpsroomSocket } from './socket-types.js';
import { TopicSync, type WatchedBy } from './topic-sync.js';

/** Snapshots hold the process for this long at most before others get a turn, in ms. */
const SYNC_BUDGET_MS = 8;

type MetricsSocket = OpsroomSocket<'/metrics'>;

/**
 * In: watchers that come and go, events of topics. Out: frames to rooms, snapshots and catch-ups to single watchers.
 * Owns: one subscription to each topic that has a watcher, and who watches what.
 */
@Injectable()
export class MetricsRooms {
  private readonly logger = new Logger(MetricsRooms.name);
  private namespace: OpsroomNamespace<'/metrics'> | undefined;
  private readonly feeds = new Map<string, Subscription>();
  /** By socket and room; a subscribe under way counts too, under a name of its own. */
  private readonly watched = new Map<MetricsSocket, Map<string, WatchedBy | undefined>>();
  private readonly sync: TopicSync;
  private pending = 0;
  private readonly failed = (error: unknown): void => this.logger.error('frames are no longer passed on', error);

  constructor(
    private readonly topics: TopicsService,
    delivery: MetricsDelivery,
    clock: Clock,
  ) {
    this.sync = new TopicSync(delivery, {
      budgetMs: SYNC_BUDGET_MS,
      monotonicMs: () => clock.monotonicMs(),
      later: (delayMs, run) => void clock.after(delayMs).subscribe({ next: run, error: this.failed }),
    });
    delivery.onGaps((socket, gaps) => {
      for (const [room, position] of gaps) {
        const watched = this.watched.get(socket)?.get(room);
        if (watched) this.sync.request(socket, watched, position);
      }
    });
  }

  attach(namespace: OpsroomNamespace<'/metrics'>): void {
    this.namespace = namespace;
    namespace.adapter.on('delete-room', (room: string) => {
      this.feeds.get(room)?.unsubscribe();
      this.feeds.delete(room);
    });
  }

  /** Topics that the socket watches or is about to. */
  countOf(socket: MetricsSocket): number {
    return this.watched.get(socket)?.size ?? 0;
  }

  /** Sockets that watch anything. */
  get watchers(): number {
    return this.watched.size;
  }

  async join(socket: MetricsSocket, input: MetricsSubscribeInput): Promise<MetricsSubscribed> {
    const topics = this.topicsOf(socket);
    const place = `pending ${++this.pending}`;
    topics.set(place, undefined);
    try {
      const topic = await this.topics.open(input);
      if (!socket.connected) throw new Refusal('unavailable', 'the connection was closed meanwhile');
      const watched = { topic, maxPoints: input.maxPoints };
      topics.set(topic.key, watched);
      this.feed(topic);
      await socket.join(topic.key);
      const missed = input.resume && topic.since(input.resume);
      this.sync.request(socket, watched, missed === undefined ? undefined : input.resume);
      return { topic: topic.key, expr: topic.expr, position: topic.position, recovered: missed !== undefined };
    } finally {
      topics.delete(place);
    }
  }

  leave(socket: MetricsSocket, room: string): void {
    this.watched.get(socket)?.delete(room);
    this.sync.cancel(socket, room);
    void socket.leave(room);
  }

  forget(socket: MetricsSocket): void {
    for (const room of this.watched.get(socket)?.keys() ?? []) this.sync.cancel(socket, room);
    this.watched.delete(socket);
  }

  close(): void {
    for (const feed of this.feeds.values()) feed.unsubscribe();
    this.feeds.clear();
  }

  private topicsOf(socket: MetricsSocket): Map<string, WatchedBy | undefined> {
    let topics = this.watched.get(socket);
    if (!topics) this.watched.set(socket, (topics = new Map<string, WatchedBy | undefined>()));
    return topics;
  }

  /** One subscription for the room, which ends with its last watcher. */
  private feed(topic: WatchedTopic): void {
    if (this.feeds.has(topic.key)) return;
    const feed = topic.events$.subscribe({
      next: (event) => this.pass(topic.key, event),
      error: this.failed,
    });
    this.feeds.set(topic.key, feed);
    feed.add(() => {
      if (this.feeds.get(topic.key) === feed) this.feeds.delete(topic.key);
    });
  }

  private pass(room: string, event: TopicEvent): void {
    switch (event.kind) {
      case 'delta':
        this.namespace?.to(room).emit('topic:frame', event.delta);
        break;
      case 'reset':
        for (const [socket, topics] of this.watched) {
          const watched = topics.get(room);
          if (watched) this.sync.request(socket, watched, undefined);
        }
        break;
      case 'closed':
        this.namespace?.to(room).emit('topic:closed', event.closed);
        for (const [socket, topics] of this.watched) {
          if (topics.delete(room)) this.sync.cancel(socket, room);
        }
        this.namespace?.in(room).socketsLeave(room);
    }
  }
}
