import type { Migration } from './index.js';

/** The oldest messages to one notifier are found without walking over those to others. */
export const notificationsByNotifierMigration: Migration = {
  name: '031-notifications-by-notifier',
  sql: 'CREATE INDEX notification_outbox_by_notifier ON notification_outbox (notifier, id);',
};
