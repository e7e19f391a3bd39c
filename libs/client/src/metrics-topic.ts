import {
  type MetricsFrame,
  type Position,
  type RequestError,
  TopicBuffer,
  type TopicClosed,
  type TopicSpec,
} from '@opsroom/contracts';
import { Cadence, freshnessOf, type Health } from './health.js';

/** What to watch. `maxPoints`: how many points per series the watcher can show; the server thins older ones out. */
export interface MetricsTopicSpec extends TopicSpec {
  readonly maxPoints?: number;
}

/** A metrics topic as its watcher sees it now. */
export interface TopicState {
  readonly spec: MetricsTopicSpec;
  /** The canonical text of the expression, once the server has accepted it. */
  readonly expr: string | undefined;
  /**
   * Series and columns. The same object in every state of the topic and changed in place: read it when a state comes, and
   * compare `buffer.version` to know whether it has changed.
   */
  readonly buffer: TopicBuffer;
  readonly health: Health;
  /** Age of the newest sample by the server's clock; undefined while there is none. */
  readonly ageMs: number | undefined;
  /** With `refused` and `closed`: why. */
  readonly error: RequestError | TopicClosed | undefined;
}

/** One topic of this client: its folded frames and what they say about its health. Sends nothing itself. */
export class MetricsTopic {
  readonly buffer: TopicBuffer;
  /** The server's key for it, once accepted. */
  key: string | undefined;
  expr: string | undefined;
  error: RequestError | TopicClosed | undefined;
  /** The latest subscribe that was sent, so that an answer to an older one is recognised. */
  attempt = 0;
  phase: 'waiting' | 'asking' | 'following' | 'resyncing' | 'paused' | 'refused' | 'closed' = 'waiting';
  private readonly cadence = new Cadence();

  constructor(readonly spec: MetricsTopicSpec) {
    this.buffer = new TopicBuffer(spec.windowMs);
  }

  get position(): Position | undefined {
    return this.buffer.position;
  }

  /** True: the frame is in. False: frames are missing or it makes no sense, so the topic must be asked for again. */
  take(frame: MetricsFrame): boolean {
    let result;
    try {
      result = this.buffer.apply(frame);
    } catch {
      this.buffer.position = undefined;
      return false;
    }
    if (result === 'gap') return false;
    this.cadence.observe(this.buffer.newestMs);
    if (this.phase === 'resyncing' || this.phase === 'asking') this.phase = 'following';
    return true;
  }

  state(connected: boolean, serverNowMs: number): TopicState {
    const { newestMs, position } = this.buffer;
    const ageMs = newestMs > 0 ? Math.max(0, serverNowMs - newestMs) : undefined;
    return {
      spec: this.spec,
      expr: this.expr,
      buffer: this.buffer,
      health: this.health(connected, position !== undefined, ageMs),
      ageMs,
      error: this.error,
    };
  }

  private health(connected: boolean, received: boolean, ageMs: number | undefined): Health {
    if (this.phase === 'refused' || this.phase === 'closed' || this.phase === 'paused') return this.phase;
    if (!received) return 'connecting';
    if (!connected || this.phase !== 'following') return 'resyncing';
    return ageMs === undefined ? 'live' : freshnessOf(ageMs, this.cadence.intervalMs);
  }
}
