import { Injectable } from '@nestjs/common';
import type { Role, TokenView } from '@opsroom/contracts';
import { Database, type Row } from '../storage/database.js';
import { nullableNumber, toRole } from './account-rows.js';
import { hashSecret, randomSecret, TOKEN_MARK } from './secrets.js';

/** A token with its owner. */
export interface TokenRow {
  readonly id: number;
  readonly name: string;
  readonly prefix: string;
  readonly role: Role;
  readonly accountId: number;
  readonly owner: string;
  readonly ownerRole: Role;
  readonly createdMs: number;
  readonly usedMs: number | null;
}

const SELECT = `SELECT t.id, t.name, t.prefix, t.role, t.account_id, t.created_ms, t.used_ms, a.name AS owner, a.role AS owner_role
  FROM account_tokens t JOIN accounts a ON a.id = t.account_id`;

/** How much of a secret is shown, its mark included. */
const PREFIX_LENGTH = TOKEN_MARK.length + 6;

/** The table of API tokens. A secret is seen once, when it is made. */
@Injectable()
export class TokenRows {
  constructor(private readonly database: Database) {}

  create(token: { name: string; role: Role; accountId: number; nowMs: number }): { id: number; secret: string } {
    const secret = TOKEN_MARK + randomSecret();
    const id = this.database
      .statement(
        'INSERT INTO account_tokens (name, prefix, token_hash, role, account_id, created_ms) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(
        token.name,
        secret.slice(0, PREFIX_LENGTH),
        hashSecret(secret),
        token.role,
        token.accountId,
        token.nowMs,
      ).lastInsertRowid;
    return { id, secret };
  }

  bySecret(secret: string): TokenRow | undefined {
    return optional(this.database.statement(`${SELECT} WHERE t.token_hash = ?`).get(hashSecret(secret)));
  }

  byId(id: number): TokenRow | undefined {
    return optional(this.database.statement(`${SELECT} WHERE t.id = ?`).get(id));
  }

  byName(name: string): TokenRow | undefined {
    return optional(this.database.statement(`${SELECT} WHERE t.name = ?`).get(name));
  }

  all(): TokenRow[] {
    return this.database.statement(`${SELECT} ORDER BY t.name COLLATE NOCASE`).all().map(toToken);
  }

  ofAccount(accountId: number): TokenRow[] {
    return this.database
      .statement(`${SELECT} WHERE t.account_id = ? ORDER BY t.name COLLATE NOCASE`)
      .all(accountId)
      .map(toToken);
  }

  used(id: number, nowMs: number): void {
    this.database.statement('UPDATE account_tokens SET used_ms = ? WHERE id = ?').run(nowMs, id);
  }

  remove(id: number): void {
    this.database.statement('DELETE FROM account_tokens WHERE id = ?').run(id);
  }
}

export const tokenView = (row: TokenRow): TokenView => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  role: row.role,
  owner: row.owner,
  createdMs: row.createdMs,
  lastUsedMs: row.usedMs,
});

const optional = (row: Row | undefined): TokenRow | undefined => (row ? toToken(row) : undefined);

const toToken = (row: Row): TokenRow => ({
  id: Number(row.id),
  name: String(row.name),
  prefix: String(row.prefix),
  role: toRole(row.role),
  accountId: Number(row.account_id),
  owner: String(row.owner),
  ownerRole: toRole(row.owner_role),
  createdMs: Number(row.created_ms),
  usedMs: nullableNumber(row.used_ms),
});
