import { Injectable } from '@nestjs/common';
import {
  type AccountAuditEntry,
  type AccountAuditFilter,
  type AccountView,
  type Identity,
  type Role,
  roleAllows,
  type TokenView,
} from '@opsroom/contracts';
import { Clock } from '../model/clock.js';
import { Database } from '../storage/database.js';
import { AccountAudit } from './account-audit.js';
import { AccountError } from './account-error.js';
import { type AccountRow, AccountRows } from './account-rows.js';
import { checkName } from './names.js';
import { checkPassword, Passwords } from './passwords.js';
import { sessionCredential, SessionEnds, tokenCredential } from './session-ends.js';
import { SessionRows } from './session-rows.js';
import { TokenRows, tokenView } from './token-rows.js';

/** Who does it, from where: for the audit. */
export interface Actor {
  readonly identity: Identity;
  readonly address: string;
}

/**
 * In: what administrators do with accounts, and anybody with their own tokens. Out: accounts, tokens, the audit.
 * Owns: the rules: one administrator always remains, no token may more than its owner, every change is recorded and ends
 * the live connections that rested on what was changed.
 */
@Injectable()
export class AdministrationService {
  constructor(
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly accounts: AccountRows,
    private readonly sessions: SessionRows,
    private readonly tokens: TokenRows,
    private readonly passwords: Passwords,
    private readonly auditRows: AccountAudit,
    private readonly ends: SessionEnds,
  ) {}

  listAccounts(): AccountView[] {
    return this.accounts.all().map((row) => this.view(row));
  }

  async createAccount(input: { name: string; password: string; role: Role }, actor: Actor): Promise<AccountView> {
    const name = checkName(input.name);
    checkPassword(input.password, name);
    const passwordHash = await this.passwords.hash(input.password);
    return this.database.transaction(() => {
      this.refuseTaken(name);
      this.accounts.insert({ name, passwordHash, role: input.role, createdMs: this.clock.nowMs() });
      this.record('account_created', name, input.role, actor);
      return this.view(this.account(name));
    });
  }

  /** Sets role, password or both. Sessions end when the password changes; live connections come back with a new role. */
  async changeAccount(name: string, change: { role?: Role; password?: string }, actor: Actor): Promise<AccountView> {
    const account = this.account(name);
    if (change.password !== undefined) checkPassword(change.password, account.name);
    const passwordHash = change.password === undefined ? undefined : await this.passwords.hash(change.password);
    const { role } = change;
    const credentials = this.database.transaction(() => {
      const before = this.account(name);
      const live = this.credentialsOf(before);
      if (role !== undefined && role !== before.role) {
        if (role !== 'administrator') this.refuseLastAdministrator(before);
        this.accounts.setRole(before.id, role);
        this.record('account_changed', before.name, `role ${before.role} → ${role}`, actor);
      }
      if (passwordHash !== undefined) {
        this.accounts.setPassword(before.id, passwordHash);
        for (const id of this.sessions.ofAccount(before.id)) this.sessions.remove(id);
        this.record('password_changed', before.name, '', actor);
      }
      return live;
    });
    this.ends.end(credentials, passwordHash === undefined ? 'changed' : 'revoked');
    return this.view(this.account(name));
  }

  removeAccount(name: string, actor: Actor): void {
    const credentials = this.database.transaction(() => {
      const account = this.account(name);
      this.refuseLastAdministrator(account);
      const live = this.credentialsOf(account);
      this.accounts.remove(account.id);
      this.record('account_removed', account.name, account.role, actor);
      return live;
    });
    this.ends.end(credentials, 'revoked');
  }

  /** One's own tokens; administrators see all. */
  listTokens(actor: Actor): TokenView[] {
    if (actor.identity.role === 'administrator') return this.tokens.all().map(tokenView);
    const account = this.accounts.byName(actor.identity.name);
    return account ? this.tokens.ofAccount(account.id).map(tokenView) : [];
  }

  /** The secret is in the answer and nowhere else. */
  createToken(input: { name: string; role: Role }, actor: Actor): { token: TokenView; secret: string } {
    const { identity } = actor;
    const name = checkName(input.name);
    if (!roleAllows(identity.role, input.role)) {
      throw new AccountError('forbidden', `a token may do no more than you: ${identity.role}`);
    }
    return this.database.transaction(() => {
      const owner = identity.via === 'session' ? this.accounts.byName(identity.name) : undefined;
      if (!owner) throw new AccountError('forbidden', 'tokens belong to accounts: log in to make one');
      this.refuseTaken(name);
      const nowMs = this.clock.nowMs();
      const { id, secret } = this.tokens.create({ name, role: input.role, accountId: owner.id, nowMs });
      this.record('token_created', name, input.role, actor);
      const row = this.tokens.byId(id);
      if (!row) throw new Error(`token ${id} vanished while it was made`);
      return { token: tokenView(row), secret };
    });
  }

  revokeToken(id: number, actor: Actor): void {
    this.database.transaction(() => {
      const token = this.tokens.byId(id);
      const own = token?.owner === actor.identity.name && actor.identity.via === 'session';
      // Other people's tokens are not there for those who may not see them.
      if (!token || (!own && actor.identity.role !== 'administrator')) {
        throw new AccountError('not_found', `there is no token ${id}`);
      }
      this.tokens.remove(id);
      this.record('token_revoked', token.name, token.prefix, actor);
    });
    this.ends.end([tokenCredential(id)], 'revoked');
  }

  /** The record, newest first; `beforeId` pages on. */
  audit(limit: number, beforeId?: number, filter?: AccountAuditFilter): AccountAuditEntry[] {
    return this.auditRows.list(limit, beforeId, filter);
  }

  private account(name: string): AccountRow {
    const account = this.accounts.byName(name);
    if (!account) throw new AccountError('not_found', `there is no account "${name}"`);
    return account;
  }

  /** Accounts and tokens share their names: in histories nobody can tell them apart otherwise. */
  private refuseTaken(name: string): void {
    if (this.accounts.byName(name)) throw new AccountError('conflict', `there is already an account "${name}"`);
    if (this.tokens.byName(name)) throw new AccountError('conflict', `there is already a token "${name}"`);
  }

  private refuseLastAdministrator(account: AccountRow): void {
    if (account.role === 'administrator' && this.accounts.administrators() === 1) {
      throw new AccountError('conflict', `"${account.name}" is the last administrator; make another one first`);
    }
  }

  private credentialsOf(account: AccountRow): string[] {
    return [
      ...this.sessions.ofAccount(account.id).map(sessionCredential),
      ...this.tokens.ofAccount(account.id).map((token) => tokenCredential(token.id)),
    ];
  }

  private view(row: AccountRow): AccountView {
    return {
      name: row.name,
      role: row.role,
      createdMs: row.createdMs,
      lastLoginMs: row.lastLoginMs,
      sessions: this.sessions.ofAccount(row.id).length,
    };
  }

  private record(kind: AccountAuditEntry['kind'], subject: string, detail: string, actor: Actor): void {
    const atMs = this.clock.nowMs();
    this.auditRows.append({ atMs, kind, actor: actor.identity.name, subject, address: actor.address, detail });
  }
}
