import type { Migration } from './index.js';

/** Alerts in their present state, what happened to them, what people said and asked for, and silences. */
export const alertsMigration: Migration = {
  name: '010-alerts',
  sql: `
    CREATE TABLE alerts (
      fingerprint TEXT PRIMARY KEY,
      state TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE alert_history (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      fingerprint TEXT NOT NULL,
      episode TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      kind TEXT NOT NULL,
      actor TEXT NOT NULL,
      address TEXT,
      detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX alert_history_by_alert ON alert_history (fingerprint, id);
    CREATE TRIGGER alert_history_is_append_only BEFORE UPDATE ON alert_history
      BEGIN SELECT RAISE(ABORT, 'the history of alerts is append-only'); END;
    CREATE TRIGGER alert_history_keeps_its_rows BEFORE DELETE ON alert_history
      BEGIN SELECT RAISE(ABORT, 'the history of alerts is append-only'); END;

    CREATE TABLE alert_requests (
      actor TEXT NOT NULL,
      kind TEXT NOT NULL,
      request_id TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      reply TEXT NOT NULL,
      PRIMARY KEY (actor, kind, request_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alert_requests_by_time ON alert_requests (at_ms);

    CREATE TABLE silences (
      id TEXT PRIMARY KEY,
      body TEXT NOT NULL,
      ends_at_ms INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE alert_notes (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      fingerprint TEXT NOT NULL,
      author TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      text TEXT NOT NULL,
      mentions TEXT NOT NULL
    ) STRICT;
    CREATE INDEX alert_notes_by_alert ON alert_notes (fingerprint, id);
  `,
};
