import { alertsMigration } from './010-alerts.js';
import { accountsMigration } from './020-accounts.js';
import { notificationsMigration } from './030-notifications.js';
import { notificationsByNotifierMigration } from './031-notifications-by-notifier.js';

/**
 * The schema's history. Each migration runs once, in this order, in a transaction; a landed one is never edited. Its
 * statements belong to the folder that its name starts with; one list keeps one order.
 */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [
  alertsMigration,
  accountsMigration,
  notificationsMigration,
  notificationsByNotifierMigration,
];
