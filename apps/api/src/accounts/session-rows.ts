import { Injectable } from '@nestjs/common';
import type { Role } from '@opsroom/contracts';
import { Database } from '../storage/database.js';
import { toRole } from './account-rows.js';
import { hashSecret, randomSecret } from './secrets.js';

/** A live session with the account that it belongs to. */
export interface SessionRow {
  readonly id: number;
  readonly accountId: number;
  readonly name: string;
  readonly role: Role;
  readonly seenMs: number;
}

export interface NewSession {
  readonly accountId: number;
  readonly nowMs: number;
  readonly expiresMs: number;
  readonly address: string;
  readonly userAgent: string;
}

/** Browsers that an account remembers having logged in from. */
const MAX_DEVICES = 20;

/** The tables of sessions and known browsers. The secrets themselves are only in the cookies. */
@Injectable()
export class SessionRows {
  constructor(private readonly database: Database) {}

  /** Returns the secret for the cookie. */
  create(session: NewSession): string {
    const secret = randomSecret();
    this.database
      .statement(
        `INSERT INTO account_sessions (token_hash, account_id, created_ms, seen_ms, expires_ms, address, user_agent)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        hashSecret(secret),
        session.accountId,
        session.nowMs,
        session.nowMs,
        session.expiresMs,
        session.address,
        session.userAgent.slice(0, 300),
      );
    return secret;
  }

  find(secret: string, nowMs: number): SessionRow | undefined {
    const row = this.database
      .statement(
        `SELECT s.id, s.account_id, s.seen_ms, a.name, a.role FROM account_sessions s JOIN accounts a ON a.id = s.account_id
         WHERE s.token_hash = ? AND s.expires_ms > ?`,
      )
      .get(hashSecret(secret), nowMs);
    return row
      ? {
          id: Number(row.id),
          accountId: Number(row.account_id),
          name: String(row.name),
          role: toRole(row.role),
          seenMs: Number(row.seen_ms),
        }
      : undefined;
  }

  extend(id: number, nowMs: number, expiresMs: number): void {
    this.database
      .statement('UPDATE account_sessions SET seen_ms = ?, expires_ms = ? WHERE id = ?')
      .run(nowMs, expiresMs, id);
  }

  /** Extends a session that has not been for `staleMs`, so that a live one costs a write only now and then. */
  extendIfStale(id: number, nowMs: number, staleMs: number, sessionMs: number): void {
    this.database
      .statement('UPDATE account_sessions SET seen_ms = ?, expires_ms = ? WHERE id = ? AND seen_ms <= ?')
      .run(nowMs, nowMs + sessionMs, id, nowMs - staleMs);
  }

  remove(id: number): void {
    this.database.statement('DELETE FROM account_sessions WHERE id = ?').run(id);
  }

  ofAccount(accountId: number): number[] {
    return this.ids('SELECT id FROM account_sessions WHERE account_id = ?', accountId);
  }

  /** Removes those that have expired and returns their ids. */
  removeExpired(nowMs: number): number[] {
    return this.ids('DELETE FROM account_sessions WHERE expires_ms <= ? RETURNING id', nowMs);
  }

  /** Remembers a browser; returns the secret for its cookie. The oldest of too many is forgotten. */
  rememberDevice(accountId: number, nowMs: number): string {
    const secret = randomSecret();
    this.database
      .statement('INSERT INTO account_devices (token_hash, account_id, created_ms) VALUES (?, ?, ?)')
      .run(hashSecret(secret), accountId, nowMs);
    this.database
      .statement(
        `DELETE FROM account_devices WHERE account_id = ?1 AND token_hash NOT IN
         (SELECT token_hash FROM account_devices WHERE account_id = ?1 ORDER BY created_ms DESC LIMIT ${MAX_DEVICES})`,
      )
      .run(accountId);
    return secret;
  }

  knowsDevice(secret: string, accountId: number): boolean {
    const row = this.database
      .statement('SELECT 1 AS known FROM account_devices WHERE token_hash = ? AND account_id = ?')
      .get(hashSecret(secret), accountId);
    return row !== undefined;
  }

  private ids(sql: string, parameter: number): number[] {
    return this.database
      .statement(sql)
      .all(parameter)
      .map((row) => Number(row.id));
  }
}
