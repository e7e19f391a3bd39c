import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';

/** A session or token that no longer stands for anybody, or for somebody with another role. */
export interface SessionEnded {
  /** As `Identified.credential`. */
  readonly credential: string;
  readonly reason: 'logout' | 'expired' | 'revoked' | 'changed';
}

/**
 * In: ends, from logins, expiry and administration. Out: one stream of them.
 * Owns: the stream. Whoever holds live connections for a credential cuts them; a client whose role has changed comes back by itself.
 */
@Injectable()
export class SessionEnds implements OnModuleDestroy {
  private readonly subject = new Subject<SessionEnded>();
  readonly ended$: Observable<SessionEnded> = this.subject.asObservable();

  end(credentials: readonly string[], reason: SessionEnded['reason']): void {
    for (const credential of credentials) this.subject.next({ credential, reason });
  }

  onModuleDestroy(): void {
    this.subject.complete();
  }
}

export const sessionCredential = (id: number): string => `session ${id}`;
export const tokenCredential = (id: number): string => `token ${id}`;

/** The id of the session that a credential names; undefined for tokens and strangers. */
export function sessionIdOf(credential: string): number | undefined {
  const match = /^session (\d+)$/.exec(credential);
  return match ? Number(match[1]) : undefined;
}
