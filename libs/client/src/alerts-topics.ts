import {
  type AlertsFrame,
  type AlertView,
  type MatcherSpec,
  NAMESPACES,
  type Position,
  printMatchers,
  type RequestError,
  type TopicClosed,
} from '@opsroom/contracts';
import { later } from './later.js';
import type { Connection, NamespaceSocket } from './connection.js';

/** The alerts that a set of matchers selects, as the watcher sees them now. */
export interface AlertsState {
  readonly matchers: readonly MatcherSpec[];
  /** By fingerprint. A new map whenever it changes; views that did not change are the same objects. */
  readonly alerts: ReadonlyMap<string, AlertView>;
  /** `connecting`: nothing received yet. `resyncing`: connection lost or catching up. */
  readonly health: 'connecting' | 'live' | 'resyncing' | 'refused' | 'closed';
  readonly error: RequestError | TopicClosed | undefined;
}

interface Shared {
  readonly matchers: readonly MatcherSpec[];
  readonly listeners: Set<(state: AlertsState) => void>;
  alerts: ReadonlyMap<string, AlertView>;
  key: string | undefined;
  position: Position | undefined;
  health: AlertsState['health'];
  error: RequestError | TopicClosed | undefined;
  attempt: number;
}

/** Topics on /alerts: lossless, with the same rule of positions as metrics. */
export class AlertsTopics {
  private readonly topics = new Map<string, Shared>();
  private socket: NamespaceSocket<'/alerts'> | undefined;
  private held: AlertsFrame[] = [];
  private asking = 0;

  constructor(private readonly connection: Connection) {}

  watch(matchers: readonly MatcherSpec[], listener: (state: AlertsState) => void): { close(): void } {
    const id = printMatchers(matchers);
    const shared = this.topics.get(id) ?? this.add(id, matchers);
    shared.listeners.add(listener);
    listener(stateOf(shared));
    return {
      close: () => {
        if (!shared.listeners.delete(listener) || shared.listeners.size > 0) return;
        this.topics.delete(id);
        shared.attempt++;
        if (shared.key !== undefined && this.socket?.connected) {
          void this.connection.request(NAMESPACES.alerts, 'topic:unsubscribe', { topic: shared.key });
        }
      },
    };
  }

  close(): void {
    this.topics.clear();
  }

  private add(id: string, matchers: readonly MatcherSpec[]): Shared {
    const shared: Shared = {
      matchers,
      listeners: new Set(),
      alerts: new Map(),
      key: undefined,
      position: undefined,
      health: 'connecting',
      error: undefined,
      attempt: 0,
    };
    this.topics.set(id, shared);
    this.listen();
    if (this.socket?.connected) void this.ask(shared);
    return shared;
  }

  private listen(): void {
    if (this.socket) return;
    const socket = (this.socket = this.connection.socket(NAMESPACES.alerts));
    socket.on('connect', () => {
      for (const shared of this.topics.values()) void this.ask(shared);
    });
    socket.on('disconnect', () => {
      for (const shared of this.topics.values()) this.enter(shared, shared.position ? 'resyncing' : 'connecting');
    });
    socket.on('topic:frame', (frame) => {
      const shared = [...this.topics.values()].find((candidate) => candidate.key === frame.topic);
      if (shared) this.take(shared, frame);
      else if (this.asking > 0) this.held.push(frame);
    });
    socket.on('topic:closed', (closed) => {
      for (const shared of this.topics.values()) {
        if (shared.key !== closed.topic) continue;
        shared.error = closed;
        this.enter(shared, closed.reason === 'shutdown' ? 'resyncing' : 'closed');
      }
    });
  }

  private async ask(shared: Shared): Promise<void> {
    const attempt = ++shared.attempt;
    this.asking++;
    const reply = await this.connection.request(NAMESPACES.alerts, 'topic:subscribe', {
      matchers: shared.matchers,
      ...(shared.position && { resume: shared.position }),
    });
    this.asking--;
    const { held } = this;
    if (this.asking === 0) this.held = [];
    if (shared.attempt !== attempt) return;
    if (reply.ok) {
      shared.key = reply.topic;
      shared.error = undefined;
      const { position } = shared;
      if (reply.recovered && position?.epoch === reply.position.epoch && position.offset >= reply.position.offset) {
        this.enter(shared, 'live');
      }
      for (const frame of held) if (frame.topic === reply.topic) this.take(shared, frame);
    } else if (
      reply.error.code === 'unavailable' ||
      reply.error.code === 'internal' ||
      reply.error.code === 'too_many_requests'
    ) {
      later((reply.error.retryAfterMs ?? 2_000) * (1 + Math.random()), () => {
        if (shared.attempt === attempt && this.socket?.connected) void this.ask(shared);
      });
    } else {
      shared.error = reply.error;
      this.enter(shared, 'refused');
    }
  }

  private take(shared: Shared, frame: AlertsFrame): void {
    const { position } = shared;
    if (frame.kind === 'delta') {
      if (position?.epoch !== frame.position.epoch || frame.position.offset > position.offset + 1) {
        if (shared.health === 'live') {
          this.enter(shared, 'resyncing');
          void this.ask(shared);
        }
        return;
      }
      if (frame.position.offset <= position.offset) return;
      shared.alerts = changed(shared.alerts, frame.changed, frame.removed);
    } else {
      shared.alerts = new Map(frame.alerts.map((alert) => [alert.fingerprint, alert]));
    }
    shared.position = frame.position;
    this.enter(shared, 'live');
  }

  private enter(shared: Shared, health: AlertsState['health']): void {
    shared.health = health;
    const state = stateOf(shared);
    for (const listener of shared.listeners) listener(state);
  }
}

function changed(
  alerts: ReadonlyMap<string, AlertView>,
  views: readonly AlertView[],
  removed: readonly string[],
): ReadonlyMap<string, AlertView> {
  const result = new Map(alerts);
  for (const view of views) result.set(view.fingerprint, view);
  for (const fingerprint of removed) result.delete(fingerprint);
  return result;
}

const stateOf = ({ matchers, alerts, health, error }: Shared): AlertsState => ({ matchers, alerts, health, error });
