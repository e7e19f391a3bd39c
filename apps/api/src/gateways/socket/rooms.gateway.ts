import type { OnModuleDestroy } from '@nestjs/common';
import type { AlertHistoryEntry, AlertView, Note } from '@opsroom/contracts';
import { type OnGatewayInit, WebSocketServer } from '@nestjs/websockets';
import { AlertsService } from '../../alerts/alerts.service.js';
import { NotesService } from '../../alerts/notes.service.js';
import { Clock } from '../../model/clock.js';
import { actorOf } from './actor.js';
import { NamespaceGateway } from './namespace-gateway.js';
import { on } from './on.js';
import type { OpsroomNamespace, OpsroomSocket } from './socket-types.js';
import { Typing } from './typing.js';

type RoomsSocket = OpsroomSocket<'/rooms'>;

const PREFIX = 'r:';
const roomOf = (alert: string): string => PREFIX + alert;

/** What a war room holds when one enters. */
interface RoomView {
  alert: AlertView | null;
  notes: readonly Note[];
  history: readonly AlertHistoryEntry[];
  present: readonly string[];
}

/**
 * In: requests on /rooms. Out: their replies, presence, notes and typing to the rooms. Owns: who types. Who is present is
 * never kept: it is who has a socket in the room, so that a crashed browser leaves with its connection and a person with
 * several tabs leaves with the last of them.
 */
@NamespaceGateway('/rooms')
export class RoomsGateway implements OnGatewayInit, OnModuleDestroy {
  @WebSocketServer() private readonly namespace!: OpsroomNamespace<'/rooms'>;
  private readonly typing: Typing;
  /** What each room was last told about who is present. */
  private readonly told = new Map<string, string>();

  constructor(
    private readonly alerts: AlertsService,
    private readonly notes: NotesService,
    clock: Clock,
  ) {
    this.typing = new Typing(clock, (room, typing) => {
      this.namespace.to(room).emit('typing:changed', { alert: room.slice(PREFIX.length), typing });
    });
  }

  afterInit(): void {
    const { adapter } = this.namespace;
    adapter.on('join-room', (room: string) => this.tellPresence(room));
    adapter.on('leave-room', (room: string, id: string) => this.left(room, id));
    adapter.on('delete-room', (room: string) => this.told.delete(room));
  }

  onModuleDestroy(): void {
    this.typing.close();
  }

  @on('/rooms', 'room:join')
  async join(socket: RoomsSocket, { alert }: { alert: string }): Promise<RoomView> {
    await socket.join(roomOf(alert));
    const view = this.alerts.view(alert);
    if (view) this.alerts.opened(alert, actorOf(socket));
    return {
      alert: view ?? null,
      notes: this.notes.list(alert),
      history: this.alerts.history(alert),
      present: this.present(roomOf(alert)),
    };
  }

  @on('/rooms', 'room:leave')
  async leave(socket: RoomsSocket, { alert }: { alert: string }): Promise<void> {
    await socket.leave(roomOf(alert));
  }

  @on('/rooms', 'note:add', { needs: 'responder' })
  note(socket: RoomsSocket, input: { alert: string; text: string; requestId: string }): { note: Note } {
    const { note, repeated } = this.notes.add(input, actorOf(socket));
    this.typing.stop(roomOf(input.alert), note.by);
    if (!repeated) this.namespace.to(roomOf(input.alert)).emit('note:added', note);
    return { note };
  }

  @on('/rooms', 'typing:start')
  startTyping(socket: RoomsSocket, { alert }: { alert: string }): void {
    if (socket.rooms.has(roomOf(alert))) this.typing.start(roomOf(alert), socket.data.identity.name);
  }

  @on('/rooms', 'typing:stop')
  stopTyping(socket: RoomsSocket, { alert }: { alert: string }): void {
    this.typing.stop(roomOf(alert), socket.data.identity.name);
  }

  private left(room: string, id: string): void {
    if (!room.startsWith(PREFIX)) return;
    const name = this.namespace.sockets.get(id)?.data.identity.name;
    if (name !== undefined && !this.present(room).includes(name)) this.typing.stop(room, name);
    this.tellPresence(room);
  }

  private tellPresence(room: string): void {
    if (!room.startsWith(PREFIX)) return;
    const present = this.present(room);
    const key = JSON.stringify(present);
    if (this.told.get(room) === key) return;
    this.told.set(room, key);
    this.namespace.to(room).emit('room:presence', { alert: room.slice(PREFIX.length), present });
  }

  private present(room: string): string[] {
    const names = new Set<string>();
    for (const id of this.namespace.adapter.rooms.get(room) ?? []) {
      const socket = this.namespace.sockets.get(id);
      if (socket) names.add(socket.data.identity.name);
    }
    return [...names].sort();
  }
}
