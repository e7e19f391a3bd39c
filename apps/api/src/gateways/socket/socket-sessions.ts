import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { AccountsService } from '../../accounts/accounts.service.js';
import { allSockets } from './all-sockets.js';
import type { AnyServer } from './socket-types.js';

/**
 * In: sessions and tokens that have ended. Out: the sockets that rest on them are cut; who may still come in comes back by
 * itself. Also out: which of them live, so that a session in use does not expire. Owns: the subscription.
 */
@Injectable()
export class SocketSessions implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(SocketSessions.name);
  private server: AnyServer | undefined;
  private subscription: Subscription | undefined;

  constructor(private readonly accounts: AccountsService) {}

  attach(server: AnyServer): void {
    this.server = server;
  }

  onModuleInit(): void {
    this.accounts.keepWhileLive(() => this.credentials());
    this.subscription = this.accounts.sessionEnded$.subscribe({
      next: ({ credential }) => this.cut(credential),
      error: (error: unknown) => this.logger.error('sockets no longer follow their sessions', error),
    });
  }

  onModuleDestroy(): void {
    this.subscription?.unsubscribe();
  }

  private credentials(): string[] {
    return this.server ? [...allSockets(this.server)].map((socket) => socket.data.identity.credential) : [];
  }

  private cut(credential: string): void {
    if (credential === '' || !this.server) return;
    for (const socket of allSockets(this.server)) {
      if (socket.data.identity.credential === credential) socket.disconnect(true);
    }
  }
}
