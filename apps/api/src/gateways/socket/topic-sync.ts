import type { MetricsFrame, Position } from '@opsroom/contracts';
import type { WatchedTopic } from '../../topics/topic-frames.js';
import type { OpsroomSocket } from './socket-types.js';

/** What one watcher asked of one topic. */
export interface WatchedBy {
  readonly topic: WatchedTopic;
  readonly maxPoints: number | undefined;
}

/** How frames reach one watcher; what the transport of /metrics offers. */
export interface SyncTransport {
  /** It takes what it is sent now. */
  ready(socket: OpsroomSocket<'/metrics'>): boolean;
  send(socket: OpsroomSocket<'/metrics'>, room: string, frame: MetricsFrame): void;
}

/** When to look again at watchers that do not take what they are sent. */
const UNREADY_MS = 20;

interface Wish extends WatchedBy {
  readonly socket: OpsroomSocket<'/metrics'>;
  /** What the watcher has; undefined: nothing, or nothing that can be continued. */
  readonly position: Position | undefined;
}

/**
 * Brings single watchers up to the room's position: after subscribing, after a gap, after a new epoch. What to send is decided
 * when it is sent, so it is always up to date. One piece goes to a watcher at a time and the next when it has taken that, so a
 * slow one never has more than one snapshot under way; all together get `budgetMs` before others have a turn.
 */
export class TopicSync {
  private readonly wishes = new Map<string, Wish>();
  private scheduled = false;

  constructor(
    private readonly transport: SyncTransport,
    private readonly options: {
      readonly budgetMs: number;
      readonly monotonicMs: () => number;
      readonly later: (delayMs: number, run: () => void) => void;
    },
  ) {}

  get waiting(): number {
    return this.wishes.size;
  }

  request(socket: OpsroomSocket<'/metrics'>, watched: WatchedBy, position: Position | undefined): void {
    this.wishes.set(keyOf(socket, watched.topic.key), { ...watched, socket, position });
    this.schedule(0);
  }

  cancel(socket: OpsroomSocket<'/metrics'>, room: string): void {
    this.wishes.delete(keyOf(socket, room));
  }

  private schedule(delayMs: number): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.options.later(delayMs, () => this.run());
  }

  private run(): void {
    this.scheduled = false;
    const { monotonicMs, budgetMs } = this.options;
    const startMs = monotonicMs();
    const served = new Set<string>();
    for (const [key, wish] of this.wishes) {
      if (!wish.socket.connected) {
        this.wishes.delete(key);
        continue;
      }
      if (served.has(wish.socket.id) || !this.transport.ready(wish.socket)) continue;
      served.add(wish.socket.id);
      this.wishes.delete(key);
      this.send(wish);
      if (monotonicMs() - startMs >= budgetMs) break;
    }
    if (this.wishes.size > 0) this.schedule(served.size > 0 ? 0 : UNREADY_MS);
  }

  private send({ socket, topic, maxPoints, position }: Wish): void {
    const missed = position && topic.since(position);
    if (missed === 'nothing') return;
    this.transport.send(socket, topic.key, missed ?? topic.snapshot(maxPoints));
  }
}

const keyOf = (socket: OpsroomSocket<'/metrics'>, room: string): string => `${socket.id} ${room}`;
