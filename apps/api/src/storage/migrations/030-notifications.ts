import type { Migration } from './index.js';

/** What was told to whom, what is still to be sent, and what became of each notification. */
export const notificationsMigration: Migration = {
  name: '030-notifications',
  sql: `
    CREATE TABLE notification_log (
      group_key TEXT NOT NULL,
      notifier TEXT NOT NULL,
      sent_ms INTEGER NOT NULL,
      firing TEXT NOT NULL,
      resolved TEXT NOT NULL,
      PRIMARY KEY (group_key, notifier)
    ) STRICT;

    CREATE TABLE notification_outbox (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      notifier TEXT NOT NULL,
      group_key TEXT NOT NULL,
      message TEXT NOT NULL,
      queued_ms INTEGER NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      due_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX notification_outbox_order ON notification_outbox (notifier, group_key, id);

    CREATE TABLE notification_events (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at_ms INTEGER NOT NULL,
      outcome TEXT NOT NULL,
      reason TEXT NOT NULL,
      receiver TEXT NOT NULL,
      notifier TEXT NOT NULL,
      group_key TEXT NOT NULL,
      detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX notification_events_at ON notification_events (at_ms);

    CREATE TABLE acknowledge_secret (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      secret TEXT NOT NULL
    ) STRICT;
    CREATE TABLE acknowledge_links (
      id TEXT PRIMARY KEY,
      used_ms INTEGER NOT NULL,
      expires_ms INTEGER NOT NULL
    ) STRICT;
  `,
};
