import type { OnModuleDestroy } from '@nestjs/common';
import type { MetricsSubscribed, MetricsSubscribeInput } from '@opsroom/contracts';
import { type OnGatewayDisconnect, type OnGatewayInit, WebSocketServer } from '@nestjs/websockets';
import { OpsroomConfig } from '../../config/config.js';
import { Refusal } from '../../model/refusal.js';
import { MetricsRooms } from './metrics-rooms.js';
import { NamespaceGateway } from './namespace-gateway.js';
import { on } from './on.js';
import type { OpsroomNamespace, OpsroomSocket } from './socket-types.js';

/** In: requests on /metrics. Out: their replies; the frames follow through the rooms. Owns: nothing. */
@NamespaceGateway('/metrics')
export class MetricsGateway implements OnGatewayInit, OnGatewayDisconnect, OnModuleDestroy {
  @WebSocketServer() private readonly namespace!: OpsroomNamespace<'/metrics'>;

  constructor(
    private readonly config: OpsroomConfig,
    private readonly rooms: MetricsRooms,
  ) {}

  afterInit(): void {
    this.rooms.attach(this.namespace);
  }

  @on('/metrics', 'topic:subscribe')
  subscribe(socket: OpsroomSocket<'/metrics'>, input: MetricsSubscribeInput): Promise<MetricsSubscribed> {
    const { maxTopicsPerSocket } = this.config.topics;
    if (this.rooms.countOf(socket) >= maxTopicsPerSocket) {
      throw new Refusal('too_many_topics', `a connection watches at most ${maxTopicsPerSocket} topics`);
    }
    return this.rooms.join(socket, input);
  }

  @on('/metrics', 'topic:unsubscribe')
  unsubscribe(socket: OpsroomSocket<'/metrics'>, { topic }: { topic: string }): void {
    this.rooms.leave(socket, topic);
  }

  handleDisconnect(socket: OpsroomSocket<'/metrics'>): void {
    this.rooms.forget(socket);
  }

  onModuleDestroy(): void {
    this.rooms.close();
  }
}
