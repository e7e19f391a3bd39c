import type { Migration } from './index.js';

/**
 * People, their sessions, machines' tokens and what happened to them. Secrets are stored as hashes: argon2id for passwords,
 * SHA-256 for random tokens. The audit refuses changes to what it holds.
 */
export const accountsMigration: Migration = {
  name: '020-accounts',
  sql: `
    CREATE TABLE accounts (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE COLLATE NOCASE,
      password_hash TEXT NOT NULL,
      role TEXT NOT NULL CHECK (role IN ('viewer', 'responder', 'administrator')),
      created_ms INTEGER NOT NULL,
      last_login_ms INTEGER
    ) STRICT;

    CREATE TABLE account_sessions (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      token_hash BLOB NOT NULL UNIQUE,
      account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      created_ms INTEGER NOT NULL,
      seen_ms INTEGER NOT NULL,
      expires_ms INTEGER NOT NULL,
      address TEXT NOT NULL,
      user_agent TEXT NOT NULL
    ) STRICT;
    CREATE INDEX account_sessions_by_account ON account_sessions (account_id);
    CREATE INDEX account_sessions_by_expiry ON account_sessions (expires_ms);

    CREATE TABLE account_devices (
      token_hash BLOB PRIMARY KEY,
      account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      created_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX account_devices_by_account ON account_devices (account_id, created_ms);

    CREATE TABLE account_tokens (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      name TEXT NOT NULL UNIQUE COLLATE NOCASE,
      prefix TEXT NOT NULL,
      token_hash BLOB NOT NULL UNIQUE,
      role TEXT NOT NULL CHECK (role IN ('viewer', 'responder', 'administrator')),
      account_id INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      created_ms INTEGER NOT NULL,
      used_ms INTEGER
    ) STRICT;
    CREATE INDEX account_tokens_by_account ON account_tokens (account_id);

    CREATE TABLE account_audit (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at_ms INTEGER NOT NULL,
      kind TEXT NOT NULL,
      actor TEXT NOT NULL,
      subject TEXT NOT NULL,
      address TEXT NOT NULL,
      detail TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER account_audit_keeps BEFORE UPDATE ON account_audit
      BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
    CREATE TRIGGER account_audit_stays BEFORE DELETE ON account_audit
      BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
  `,
};
