import { Injectable } from '@nestjs/common';
import type { Identity } from '@opsroom/contracts';
import { timingSafeEqual } from 'node:crypto';
import { OpsroomConfig } from '../config/config.js';
import { Clock } from '../model/clock.js';
import { Database } from '../storage/database.js';
import { AccountAudit } from './account-audit.js';
import { AccountError } from './account-error.js';
import { type AccountRow, AccountRows } from './account-rows.js';
import { checkName } from './names.js';
import { PasswordLogin } from './password-login.js';
import { checkPassword, Passwords } from './passwords.js';
import { hashSecret, randomSecret } from './secrets.js';
import { sessionCredential, SessionEnds } from './session-ends.js';
import { SessionRows } from './session-rows.js';

/** Where a login comes from. */
export interface LoginPlace {
  readonly address: string;
  readonly userAgent: string;
  /** Secret of the device cookie that came with it. */
  readonly device: string | undefined;
}

/** A login that worked: secrets for its two cookies. */
export interface LoggedIn {
  readonly identity: Identity;
  readonly session: string;
  readonly device: string;
}

/**
 * In: set-up, logins, logouts and changes of one's own password. Out: sessions.
 * Owns: the one-time secret of the set-up link, which lives as long as this process and no account exists.
 */
@Injectable()
export class SessionsService {
  private readonly setupSecret = randomSecret();

  constructor(
    private readonly config: OpsroomConfig,
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly accounts: AccountRows,
    private readonly sessions: SessionRows,
    private readonly passwords: Passwords,
    private readonly passwordLogin: PasswordLogin,
    private readonly audit: AccountAudit,
    private readonly ends: SessionEnds,
  ) {}

  /** No account exists yet. */
  get setupNeeded(): boolean {
    return this.accounts.count() === 0;
  }

  /** The link that makes the first administrator, for the terminal; undefined once there is an account. `baseUrl` ends in '/'. */
  setupLink(baseUrl: string): string | undefined {
    return this.setupNeeded ? `${baseUrl}setup?token=${this.setupSecret}` : undefined;
  }

  /** Makes the first administrator and logs them in. Throws `AccountError`. */
  async setup(token: string, name: string, password: string, place: LoginPlace): Promise<LoggedIn> {
    if (!this.setupNeeded) throw new AccountError('conflict', 'Opsroom is already set up; log in instead');
    if (!timingSafeEqual(hashSecret(token), hashSecret(this.setupSecret))) {
      throw new AccountError(
        'forbidden',
        'this set-up link is not valid; the server prints a new one each time it starts',
      );
    }
    const checkedName = checkName(name);
    checkPassword(password, checkedName);
    const passwordHash = await this.passwords.hash(password);
    const nowMs = this.clock.nowMs();
    return this.database.transaction(() => {
      // Hashing took a while: somebody else may have used the same link meanwhile.
      if (!this.setupNeeded) throw new AccountError('conflict', 'Opsroom is already set up; log in instead');
      const account = { name: checkedName, passwordHash, role: 'administrator' as const, createdMs: nowMs };
      const id = this.accounts.insert(account);
      this.record('setup', checkedName, place.address, nowMs);
      return this.open({ ...account, id, lastLoginMs: null }, place, nowMs);
    });
  }

  /** Throws `AccountError`: `unauthenticated` or `too_many_requests`. */
  async login(name: string, password: string, place: LoginPlace): Promise<LoggedIn> {
    const account = await this.passwordLogin.verify({ name, password, address: place.address, device: place.device });
    const nowMs = this.clock.nowMs();
    return this.database.transaction(() => {
      this.record('login', account.name, place.address, nowMs);
      return this.open(account, place, nowMs);
    });
  }

  /** Ends the session that the secret belongs to; nothing happens when there is none. */
  logout(secret: string, address: string): void {
    const nowMs = this.clock.nowMs();
    const session = this.sessions.find(secret, nowMs);
    if (!session) return;
    this.database.transaction(() => {
      this.sessions.remove(session.id);
      this.record('logout', session.name, address, nowMs);
    });
    this.ends.end([sessionCredential(session.id)], 'logout');
  }

  /**
   * Changes one's own password and ends all of one's sessions but the one it was done in. Throws `AccountError` when the old
   * one is wrong.
   */
  async changePassword(
    attempt: { readonly name: string; readonly oldPassword: string; readonly newPassword: string },
    place: LoginPlace,
    keepSession: string | undefined,
  ): Promise<void> {
    const { name, oldPassword, newPassword } = attempt;
    const account = await this.passwordLogin.verify({
      name,
      password: oldPassword,
      address: place.address,
      device: place.device,
    });
    checkPassword(newPassword, account.name);
    const passwordHash = await this.passwords.hash(newPassword);
    const nowMs = this.clock.nowMs();
    const kept = keepSession === undefined ? undefined : this.sessions.find(keepSession, nowMs)?.id;
    const ended = this.database.transaction(() => {
      this.accounts.setPassword(account.id, passwordHash);
      this.record('password_changed', account.name, place.address, nowMs);
      const others = this.sessions.ofAccount(account.id).filter((id) => id !== kept);
      for (const id of others) this.sessions.remove(id);
      return others;
    });
    this.ends.end(ended.map(sessionCredential), 'revoked');
  }

  private open(account: AccountRow, place: LoginPlace, nowMs: number): LoggedIn {
    const session = this.sessions.create({
      accountId: account.id,
      nowMs,
      expiresMs: nowMs + this.config.accounts.sessionMs,
      address: place.address,
      userAgent: place.userAgent,
    });
    this.accounts.setLastLogin(account.id, nowMs);
    const device =
      place.device !== undefined && this.sessions.knowsDevice(place.device, account.id)
        ? place.device
        : this.sessions.rememberDevice(account.id, nowMs);
    return { identity: { name: account.name, role: account.role, via: 'session' }, session, device };
  }

  private record(
    kind: 'setup' | 'login' | 'logout' | 'password_changed',
    name: string,
    address: string,
    atMs: number,
  ): void {
    this.audit.append({ atMs, kind, actor: name, subject: name, address, detail: '' });
  }
}
