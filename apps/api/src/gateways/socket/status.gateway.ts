import { Logger, type OnModuleDestroy } from '@nestjs/common';
import type { ServerStatus } from '@opsroom/contracts';
import { type OnGatewayInit, WebSocketServer } from '@nestjs/websockets';
import type { Subscription } from 'rxjs';
import { NamespaceGateway } from './namespace-gateway.js';
import { on } from './on.js';
import type { OpsroomNamespace, OpsroomSocket } from './socket-types.js';
import { StatusService } from './status.service.js';

const ROOM = 'status';

/** In: requests on /status. Out: the status now, and to the room once a second. Owns: the feed of that room while it has watchers. */
@NamespaceGateway('/status')
export class StatusGateway implements OnGatewayInit, OnModuleDestroy {
  @WebSocketServer() private readonly namespace!: OpsroomNamespace<'/status'>;
  private readonly logger = new Logger(StatusGateway.name);
  private feed: Subscription | undefined;

  constructor(private readonly status: StatusService) {}

  afterInit(): void {
    const { adapter } = this.namespace;
    adapter.on('create-room', (room: string) => {
      if (room !== ROOM) return;
      this.feed = this.status.status$.subscribe({
        next: (status) => this.namespace.to(ROOM).emit('status:changed', status),
        error: (error: unknown) => this.logger.error('the status is no longer pushed', error),
      });
    });
    adapter.on('delete-room', (room: string) => {
      if (room === ROOM) this.feed?.unsubscribe();
    });
  }

  @on('/status', 'topic:subscribe')
  async subscribe(socket: OpsroomSocket<'/status'>): Promise<{ status: ServerStatus }> {
    await socket.join(ROOM);
    return { status: this.status.status() };
  }

  onModuleDestroy(): void {
    this.feed?.unsubscribe();
  }
}
