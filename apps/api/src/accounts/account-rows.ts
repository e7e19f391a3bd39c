import { Injectable } from '@nestjs/common';
import { ROLES, type Role } from '@opsroom/contracts';
import { Database, type Row } from '../storage/database.js';

/** An account as it is stored. */
export interface AccountRow {
  readonly id: number;
  readonly name: string;
  readonly passwordHash: string;
  readonly role: Role;
  readonly createdMs: number;
  readonly lastLoginMs: number | null;
}

const COLUMNS = 'id, name, password_hash, role, created_ms, last_login_ms';

/** The table of accounts; names are unique whatever their case. */
@Injectable()
export class AccountRows {
  constructor(private readonly database: Database) {}

  count(): number {
    return Number(this.database.statement('SELECT count(*) AS n FROM accounts').get()?.n ?? 0);
  }

  administrators(): number {
    const row = this.database.statement("SELECT count(*) AS n FROM accounts WHERE role = 'administrator'").get();
    return Number(row?.n ?? 0);
  }

  all(): AccountRow[] {
    return this.database.statement(`SELECT ${COLUMNS} FROM accounts ORDER BY name COLLATE NOCASE`).all().map(toAccount);
  }

  byName(name: string): AccountRow | undefined {
    return optional(this.database.statement(`SELECT ${COLUMNS} FROM accounts WHERE name = ?`).get(name));
  }

  insert(account: Omit<AccountRow, 'id' | 'lastLoginMs'>): number {
    return this.database
      .statement('INSERT INTO accounts (name, password_hash, role, created_ms) VALUES (?, ?, ?, ?)')
      .run(account.name, account.passwordHash, account.role, account.createdMs).lastInsertRowid;
  }

  setPassword(id: number, passwordHash: string): void {
    this.database.statement('UPDATE accounts SET password_hash = ? WHERE id = ?').run(passwordHash, id);
  }

  setRole(id: number, role: Role): void {
    this.database.statement('UPDATE accounts SET role = ? WHERE id = ?').run(role, id);
  }

  setLastLogin(id: number, atMs: number): void {
    this.database.statement('UPDATE accounts SET last_login_ms = ? WHERE id = ?').run(atMs, id);
  }

  /** Sessions, devices and tokens go with it. */
  remove(id: number): void {
    this.database.statement('DELETE FROM accounts WHERE id = ?').run(id);
  }
}

/** A role that was read from the database, which checks it too. */
export function toRole(value: unknown): Role {
  const role = ROLES.find((known) => known === value);
  if (!role) throw new Error(`unknown role ${JSON.stringify(value)} in the database`);
  return role;
}

export const nullableNumber = (value: unknown): number | null => (value === null ? null : Number(value));

const optional = (row: Row | undefined): AccountRow | undefined => (row ? toAccount(row) : undefined);

const toAccount = (row: Row): AccountRow => ({
  id: Number(row.id),
  name: String(row.name),
  passwordHash: String(row.password_hash),
  role: toRole(row.role),
  createdMs: Number(row.created_ms),
  lastLoginMs: nullableNumber(row.last_login_ms),
});
