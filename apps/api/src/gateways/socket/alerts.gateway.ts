import { Logger, type OnModuleDestroy } from '@nestjs/common';
import type {
  AcknowledgeInput,
  AlertHistoryEntry,
  AlertOutcome,
  AlertRef,
  AlertsFrame,
  AlertsSubscribed,
  AlertView,
  MatcherSpec,
  Position,
  SilenceInput,
  SilenceView,
} from '@opsroom/contracts';
import { type OnGatewayInit, WebSocketServer } from '@nestjs/websockets';
import { Subscription } from 'rxjs';
import { AlertTopics } from '../../alerts/alert-topics.js';
import { AlertsService } from '../../alerts/alerts.service.js';
import { SilencesService } from '../../alerts/silences.service.js';
import { OpsroomConfig } from '../../config/config.js';
import { Refusal } from '../../model/refusal.js';
import { actorOf } from './actor.js';
import { NamespaceGateway } from './namespace-gateway.js';
import { on } from './on.js';
import type { OpsroomNamespace, OpsroomSocket } from './socket-types.js';

type AlertsSocket = OpsroomSocket<'/alerts'>;

/** Packets that may wait for one watcher; beyond it is cut, comes back with its position and catches up or gets a snapshot. */
const MAX_WAITING_PACKETS = 1_000;
/** Alerts that a preview shows; their number is told in full. */
const PREVIEW_ALERTS = 100;

/** In: requests on /alerts. Out: their replies, frames to the rooms of topics, silences to everybody. Owns: the feeds of those. */
@NamespaceGateway('/alerts')
export class AlertsGateway implements OnGatewayInit, OnModuleDestroy {
  @WebSocketServer() private readonly namespace!: OpsroomNamespace<'/alerts'>;
  private readonly logger = new Logger(AlertsGateway.name);
  private readonly feeds = new Subscription();

  constructor(
    private readonly config: OpsroomConfig,
    private readonly alerts: AlertsService,
    private readonly topics: AlertTopics,
    private readonly silences: SilencesService,
  ) {}

  afterInit(): void {
    this.namespace.adapter.on('delete-room', (room: string) => this.topics.unwatched(room));
    const error = (cause: unknown): void => this.logger.error('alerts no longer reach the sockets', cause);
    this.feeds.add(this.topics.frames$.subscribe({ next: (frame) => this.send(frame), error }));
    this.feeds.add(
      this.silences.changes$.subscribe({
        next: () => this.namespace.emit('silences:changed', this.silences.list()),
        error,
      }),
    );
  }

  onModuleDestroy(): void {
    this.feeds.unsubscribe();
  }

  @on('/alerts', 'topic:subscribe')
  subscribe(socket: AlertsSocket, input: { matchers: readonly MatcherSpec[]; resume?: Position }): AlertsSubscribed {
    const { maxTopicsPerSocket } = this.config.topics;
    // A socket is always in the room of its own name.
    if (socket.rooms.size > maxTopicsPerSocket) {
      throw new Refusal('too_many_topics', `a connection watches at most ${maxTopicsPerSocket} topics`);
    }
    const { frames, ...subscribed } = this.topics.watch(input.matchers, input.resume);
    // The stock adapter joins at once, so that the deltas after these frames come through the room.
    void socket.join(subscribed.topic);
    for (const frame of frames) socket.emit('topic:frame', frame);
    return subscribed;
  }

  @on('/alerts', 'topic:unsubscribe')
  unsubscribe(socket: AlertsSocket, { topic }: { topic: string }): void {
    if (topic !== socket.id) void socket.leave(topic);
  }

  @on('/alerts', 'alert:acknowledge', { needs: 'responder' })
  acknowledge(socket: AlertsSocket, input: AcknowledgeInput): { outcomes: readonly AlertOutcome[] } {
    return { outcomes: this.alerts.acknowledge(input, actorOf(socket)) };
  }

  @on('/alerts', 'alert:unacknowledge', { needs: 'responder' })
  unacknowledge(
    socket: AlertsSocket,
    input: { alerts: readonly AlertRef[]; requestId: string },
  ): { outcomes: readonly AlertOutcome[] } {
    return { outcomes: this.alerts.unacknowledge(input, actorOf(socket)) };
  }

  @on('/alerts', 'alert:assign', { needs: 'responder' })
  assign(
    socket: AlertsSocket,
    input: { alerts: readonly AlertRef[]; assignee: string | null; requestId: string },
  ): { outcomes: readonly AlertOutcome[] } {
    return { outcomes: this.alerts.assign(input, actorOf(socket)) };
  }

  @on('/alerts', 'alert:history')
  history(
    _socket: AlertsSocket,
    { fingerprint, limit }: { fingerprint: string; limit?: number },
  ): { entries: readonly AlertHistoryEntry[] } {
    return { entries: this.alerts.history(fingerprint, limit) };
  }

  @on('/alerts', 'silence:create', { needs: 'responder' })
  silence(socket: AlertsSocket, input: SilenceInput): { silence: SilenceView } {
    return { silence: this.silences.set(input, actorOf(socket)) };
  }

  @on('/alerts', 'silence:expire', { needs: 'responder' })
  expire(socket: AlertsSocket, { id, requestId }: { id: string; requestId: string }): { silence: SilenceView } {
    return { silence: this.silences.expire(id, actorOf(socket), requestId) };
  }

  @on('/alerts', 'silence:list')
  list(): { silences: readonly SilenceView[] } {
    return { silences: this.silences.list() };
  }

  @on('/alerts', 'silence:preview')
  preview(
    _socket: AlertsSocket,
    { matchers }: { matchers: readonly MatcherSpec[] },
  ): { matching: number; alerts: readonly AlertView[] } {
    const matching = this.silences.preview(matchers);
    const shown = matching.slice(0, PREVIEW_ALERTS).map(({ fingerprint }) => this.alerts.view(fingerprint));
    return { matching: matching.length, alerts: shown.filter((view) => view !== undefined) };
  }

  /** To everybody in the room, reliably; a watcher that has stopped reading is cut before it fills the memory. */
  private send(frame: AlertsFrame): void {
    for (const id of [...(this.namespace.adapter.rooms.get(frame.topic) ?? [])]) {
      const socket = this.namespace.sockets.get(id);
      if (socket && waitingPackets(socket) > MAX_WAITING_PACKETS) socket.disconnect(true);
    }
    this.namespace.to(frame.topic).emit('topic:frame', frame);
  }
}

/** Packets that the connection has not handed to the operating system; the transport has no bound of its own. */
function waitingPackets(socket: AlertsSocket): number {
  const { writeBuffer } = socket.conn as unknown as { readonly writeBuffer?: readonly unknown[] };
  return writeBuffer?.length ?? 0;
}
