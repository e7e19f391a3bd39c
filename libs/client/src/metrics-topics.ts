import { isSnapshot, type MetricsFrame, NAMESPACES } from '@opsroom/contracts';
import type { Connection, NamespaceSocket } from './connection.js';
import { later } from './later.js';
import { MetricsTopic, type MetricsTopicSpec, type TopicState } from './metrics-topic.js';
import { localNowMs, ServerClock } from './server-clock.js';

/** How long a topic that nobody watches any more stays subscribed, so that turning a page does not ask again. */
const LINGER_MS = 1_000;
const MAX_HELD_FRAMES = 200;

/** One watcher within this client. */
export interface Watch {
  /** Not interested for now (off screen, hidden tab): nothing is sent, the position is kept. */
  pause(): void;
  /** Interested again: what was missed comes, or a snapshot. */
  resume(): void;
  close(): void;
}

interface Shared {
  readonly topic: MetricsTopic;
  readonly watchers: Set<{ readonly listener: (state: TopicState) => void; active: boolean }>;
  lingering?: () => void;
  lastHealth?: string;
}

/** All metrics topics of a client: one subscription to the server for each, however many watch it here. */
export class MetricsTopics {
  private readonly topics = new Map<string, Shared>();
  private readonly clock = new ServerClock();
  private socket: NamespaceSocket<'/metrics'> | undefined;
  /** Frames of topics whose acceptance is still under way: a frame may overtake its topic's reply. */
  private held: MetricsFrame[] = [];
  private asking = 0;
  private ticking: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly connection: Connection) {}

  watch(spec: MetricsTopicSpec, listener: (state: TopicState) => void): Watch {
    const id = JSON.stringify([spec.expr, spec.stepMs, spec.windowMs, spec.maxPoints]);
    const shared = this.topics.get(id) ?? this.add(id, spec);
    const watcher = { listener, active: true };
    shared.watchers.add(watcher);
    this.settle(id, shared);
    listener(this.stateOf(shared));
    const setActive = (active: boolean): void => {
      if (watcher.active === active || !shared.watchers.has(watcher)) return;
      watcher.active = active;
      this.settle(id, shared);
    };
    return {
      pause: () => setActive(false),
      resume: () => setActive(true),
      close: () => {
        if (shared.watchers.delete(watcher)) this.settle(id, shared);
      },
    };
  }

  /** The server's time, as well as the frames tell. */
  serverNowMs(): number {
    return this.clock.at(localNowMs());
  }

  close(): void {
    clearInterval(this.ticking);
    for (const { lingering } of this.topics.values()) lingering?.();
    this.topics.clear();
  }

  private add(id: string, spec: MetricsTopicSpec): Shared {
    const shared: Shared = { topic: new MetricsTopic(spec), watchers: new Set() };
    this.topics.set(id, shared);
    this.listen();
    return shared;
  }

  /** Brings what the server knows in line with who is interested here. */
  private settle(id: string, shared: Shared): void {
    const interested = [...shared.watchers].some((watcher) => watcher.active);
    shared.lingering?.();
    if (interested) {
      if (shared.topic.phase === 'waiting' || shared.topic.phase === 'paused') void this.ask(shared);
      return;
    }
    shared.lingering = later(LINGER_MS, () => {
      this.leave(shared);
      if (shared.watchers.size === 0) this.topics.delete(id);
    });
  }

  private leave(shared: Shared): void {
    const { topic } = shared;
    const { key } = topic;
    topic.attempt++;
    if (topic.phase !== 'refused' && topic.phase !== 'closed') topic.phase = 'paused';
    this.tell(shared);
    const others = [...this.topics.values()].some(
      (other) => other !== shared && other.topic.key === key && other.topic.phase !== 'paused',
    );
    if (key === undefined || others || !this.socket?.connected) return;
    void this.connection.request(NAMESPACES.metrics, 'topic:unsubscribe', { topic: key });
  }

  /** Subscribes, continuing from the topic's position if it has one. */
  private async ask(shared: Shared): Promise<void> {
    const { topic } = shared;
    if (!this.socket?.connected) {
      topic.phase = 'waiting';
      return;
    }
    const attempt = ++topic.attempt;
    topic.phase = topic.position ? 'resyncing' : 'asking';
    topic.error = undefined;
    this.tell(shared);
    this.asking++;
    const reply = await this.connection.request(NAMESPACES.metrics, 'topic:subscribe', {
      ...topic.spec,
      ...(topic.position && { resume: topic.position }),
    });
    this.asking--;
    const held = this.held;
    if (this.asking === 0) this.held = [];
    if (topic.attempt !== attempt) return;
    if (reply.ok) {
      topic.key = reply.topic;
      topic.expr = reply.expr;
      const { position } = topic;
      const current =
        reply.recovered && position?.epoch === reply.position.epoch && position.offset >= reply.position.offset;
      if (current) topic.phase = 'following';
      for (const frame of held) if (keyOf(frame) === topic.key) this.take(shared, frame);
      this.tell(shared);
      return;
    }
    const retryMs = retryAfterMs(reply.error);
    if (retryMs === undefined) {
      topic.phase = 'refused';
      topic.error = reply.error;
    } else {
      topic.phase = 'waiting';
      later(retryMs * (1 + Math.random()), () => {
        if (topic.attempt === attempt && topic.phase === 'waiting') void this.ask(shared);
      });
    }
    this.tell(shared);
  }

  private listen(): void {
    if (this.socket) return;
    const socket = (this.socket = this.connection.socket(NAMESPACES.metrics));
    socket.on('connect', () => {
      this.clock.reset();
      for (const shared of this.topics.values()) {
        const { phase } = shared.topic;
        if (phase !== 'paused' && phase !== 'refused' && phase !== 'closed') void this.ask(shared);
      }
    });
    socket.on('disconnect', () => {
      for (const shared of this.topics.values()) this.tell(shared);
    });
    socket.on('topic:frame', (frame) => this.receive(frame));
    socket.on('topic:closed', (closed) => {
      for (const shared of this.topics.values()) {
        if (shared.topic.key !== closed.topic) continue;
        shared.topic.attempt++;
        shared.topic.error = closed;
        shared.topic.phase = closed.reason === 'shutdown' ? 'waiting' : 'closed';
        this.tell(shared);
      }
    });
    socket.on('bundle:end', (sequence) => socket.emit('bundle:done', sequence));
    this.ticking = setInterval(() => {
      for (const shared of this.topics.values()) this.tellIfChanged(shared);
    }, 1_000);
  }

  private receive(frame: MetricsFrame): void {
    const nowMs = localNowMs();
    const evaluatedMs = isSnapshot(frame) ? frame.evaluatedMs : frame.v;
    if (evaluatedMs > 0) this.clock.observe(evaluatedMs, nowMs);
    const key = keyOf(frame);
    let known = false;
    for (const shared of this.topics.values()) {
      if (shared.topic.key !== key || shared.topic.phase === 'paused') continue;
      known = true;
      this.take(shared, frame);
    }
    if (!known && this.asking > 0 && this.held.length < MAX_HELD_FRAMES) this.held.push(frame);
  }

  private take(shared: Shared, frame: MetricsFrame): void {
    if (shared.topic.take(frame)) this.tell(shared);
    // While a resync is under way, frames that do not fit are what it will replace.
    else if (shared.topic.phase === 'following') void this.ask(shared);
  }

  private stateOf(shared: Shared): TopicState {
    return shared.topic.state(this.socket?.connected ?? false, this.serverNowMs());
  }

  private tell(shared: Shared): void {
    const state = this.stateOf(shared);
    shared.lastHealth = state.health;
    for (const { listener } of shared.watchers) listener(state);
  }

  /** Time alone can change a topic's health. */
  private tellIfChanged(shared: Shared): void {
    if (this.stateOf(shared).health !== shared.lastHealth) this.tell(shared);
  }
}

const keyOf = (frame: MetricsFrame): string => (isSnapshot(frame) ? frame.topic : frame.t);

/** When to ask again; undefined: asking again would give the same answer. */
function retryAfterMs(error: { readonly code: string; readonly retryAfterMs?: number }): number | undefined {
  if (error.code === 'too_many_requests') return error.retryAfterMs ?? 1_000;
  return error.code === 'unavailable' || error.code === 'internal' ? 2_000 : undefined;
}
