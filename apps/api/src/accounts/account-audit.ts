import { Injectable } from '@nestjs/common';
import type { AccountAuditEntry, AccountAuditFilter, AccountAuditKind } from '@opsroom/contracts';
import { Database } from '../storage/database.js';

/** The append-only record of logins and of every change of accounts, tokens and rule files; the database refuses to alter it. */
@Injectable()
export class AccountAudit {
  constructor(private readonly database: Database) {}

  append(entry: Omit<AccountAuditEntry, 'id'>): void {
    this.database
      .statement('INSERT INTO account_audit (at_ms, kind, actor, subject, address, detail) VALUES (?, ?, ?, ?, ?, ?)')
      .run(entry.atMs, entry.kind, entry.actor.slice(0, 100), entry.subject.slice(0, 100), entry.address, entry.detail);
  }

  /** The newest first, before `beforeId` when given. */
  list(limit: number, beforeId?: number, { kinds, actor }: AccountAuditFilter = {}): AccountAuditEntry[] {
    return this.database
      .statement(
        `SELECT id, at_ms, kind, actor, subject, address, detail FROM account_audit
         WHERE id < ?1 AND (?2 IS NULL OR actor = ?2) AND (?3 IS NULL OR kind IN (SELECT value FROM json_each(?3)))
         ORDER BY id DESC LIMIT ?4`,
      )
      .all(beforeId ?? Number.MAX_SAFE_INTEGER, actor ?? null, kinds ? JSON.stringify(kinds) : null, limit)
      .map((row) => ({
        id: Number(row.id),
        atMs: Number(row.at_ms),
        kind: String(row.kind) as AccountAuditKind,
        actor: String(row.actor),
        subject: String(row.subject),
        address: String(row.address),
        detail: String(row.detail),
      }));
  }
}
