import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type Identity, type Role, roleAllows } from '@opsroom/contracts';
import { type Observable, Subscription } from 'rxjs';
import { OpsroomConfig } from '../config/config.js';
import { Clock } from '../model/clock.js';
import { AccountError } from './account-error.js';
import { readAuthorization } from './authorization.js';
import { cookieValue, SESSION_COOKIE } from './cookies.js';
import { PasswordLogin } from './password-login.js';
import { TOKEN_MARK } from './secrets.js';
import { sessionCredential, type SessionEnded, SessionEnds, sessionIdOf, tokenCredential } from './session-ends.js';
import { SessionRows } from './session-rows.js';
import { TokenRows } from './token-rows.js';

/** What a request or handshake brings to prove who is asking. */
export interface Credentials {
  readonly cookie: string | undefined;
  readonly authorization: string | undefined;
  /** Of the client, behind trusted proxies. */
  readonly address: string;
}

/** An identity and what it rests on. */
export interface Identified extends Identity {
  /** Names the session or token within this server; '' for strangers and passwords. See `sessionEnded$`. */
  readonly credential: string;
}

/** How stale "last used" and an expiry may be; each write is a disk flush. */
const TOUCH_MS = 60_000;
const SWEEP_MS = 60_000;
/** Sessions of live connections are extended this often. */
const LIVE_TOUCH_MS = 3_600_000;

/**
 * In: cookies and `Authorization` headers of requests and handshakes. Out: who is asking, and which sessions have ended.
 * Owns: the rule of who wins: a header, then a session, then the role of strangers.
 */
@Injectable()
export class AccountsService implements OnModuleInit, OnModuleDestroy {
  /** Live connections that rest on the credential must be cut. */
  readonly sessionEnded$: Observable<SessionEnded>;
  private readonly logger = new Logger('Accounts');
  private readonly subscription = new Subscription();
  private live: () => Iterable<string> = () => [];

  constructor(
    private readonly config: OpsroomConfig,
    private readonly clock: Clock,
    private readonly sessions: SessionRows,
    private readonly tokens: TokenRows,
    private readonly login: PasswordLogin,
    private readonly ends: SessionEnds,
  ) {
    this.sessionEnded$ = ends.ended$;
  }

  onModuleInit(): void {
    this.subscription.add(
      this.clock.beats(SWEEP_MS).subscribe({
        next: (nowMs) => this.sweep(nowMs),
        error: (error: unknown) => this.logger.error('expired sessions are no longer swept', error),
      }),
    );
  }

  onModuleDestroy(): void {
    this.subscription.unsubscribe();
  }

  /**
   * Null: nobody, or what was brought is wrong. A header that is wrong never falls back to the role of strangers; a session
   * that has ended does. Throws `AccountError` (`too_many_requests`) when passwords are tried too often.
   */
  async identify(credentials: Credentials): Promise<Identified | null> {
    const header = readAuthorization(credentials.authorization, TOKEN_MARK);
    switch (header?.kind) {
      case 'token':
        return this.byToken(header.token);
      case 'password':
        return this.byPassword(header.name, header.password, credentials.address);
      case 'unreadable':
        return null;
      case undefined:
        return this.bySession(cookieValue(credentials.cookie, SESSION_COOKIE)) ?? this.stranger();
    }
  }

  /**
   * Sessions that live connections rest on are in use, however long nothing else is asked: a screen on a wall stays logged in.
   * `credentials` is asked once a minute.
   */
  keepWhileLive(credentials: () => Iterable<string>): void {
    this.live = credentials;
  }

  /** The role of strangers, for the page to show. */
  get anonymous(): Role | null {
    return this.config.accounts.anonymous ?? null;
  }

  private sweep(nowMs: number): void {
    const { sessionMs } = this.config.accounts;
    for (const credential of new Set(this.live())) {
      const id = sessionIdOf(credential);
      if (id !== undefined) this.sessions.extendIfStale(id, nowMs, Math.min(LIVE_TOUCH_MS, sessionMs / 4), sessionMs);
    }
    this.ends.end(this.sessions.removeExpired(nowMs).map(sessionCredential), 'expired');
  }

  private bySession(secret: string | undefined): Identified | null {
    if (secret === undefined || secret === '') return null;
    const nowMs = this.clock.nowMs();
    const session = this.sessions.find(secret, nowMs);
    if (!session) return null;
    // The clock may have been set back; then the session is touched at once rather than much later.
    if (Math.abs(nowMs - session.seenMs) >= TOUCH_MS) {
      this.sessions.extend(session.id, nowMs, nowMs + this.config.accounts.sessionMs);
    }
    return { name: session.name, role: session.role, via: 'session', credential: sessionCredential(session.id) };
  }

  private byToken(secret: string): Identified | null {
    const token = this.tokens.bySecret(secret);
    if (!token) return null;
    const nowMs = this.clock.nowMs();
    if (token.usedMs === null || Math.abs(nowMs - token.usedMs) >= TOUCH_MS) this.tokens.used(token.id, nowMs);
    return {
      name: token.name,
      role: lesserRole(token.role, token.ownerRole),
      via: 'token',
      credential: tokenCredential(token.id),
    };
  }

  private async byPassword(name: string, password: string, address: string): Promise<Identified | null> {
    try {
      const account = await this.login.verifyOften({ name, password, address, device: undefined });
      return { name: account.name, role: account.role, via: 'session', credential: '' };
    } catch (error) {
      if (error instanceof AccountError && error.code === 'unauthenticated') return null;
      throw error;
    }
  }

  private stranger(): Identified | null {
    const role = this.config.accounts.anonymous;
    return role === undefined ? null : { name: 'anonymous', role, via: 'anonymous', credential: '' };
  }
}

/** A token never may more than its owner may now. */
const lesserRole = (a: Role, b: Role): Role => (roleAllows(a, b) ? b : a);
