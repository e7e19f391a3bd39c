import type { Database, Row } from '../../storage/database.js';

/** What became of a notification, for people: sent or held back, and why. */
export interface NotificationEvent {
  readonly id: number;
  readonly atMs: number;
  readonly outcome: 'queued' | 'held_back' | 'delivered' | 'failed' | 'given_up';
  readonly reason: string;
  readonly receiver: string;
  readonly notifier: string;
  readonly groupKey: string;
  readonly detail: string;
}

/** Append-only record of every decision and every delivery. */
export class EventLog {
  constructor(private readonly database: Database) {}

  add(event: Omit<NotificationEvent, 'id'>): void {
    this.database
      .statement(
        `INSERT INTO notification_events (at_ms, outcome, reason, receiver, notifier, group_key, detail)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(event.atMs, event.outcome, event.reason, event.receiver, event.notifier, event.groupKey, event.detail);
  }

  /** Newest first. */
  recent(limit: number): NotificationEvent[] {
    return this.database
      .statement('SELECT * FROM notification_events ORDER BY id DESC LIMIT ?')
      .all(limit)
      .map(toEvent);
  }
}

function toEvent(row: Row): NotificationEvent {
  return {
    id: Number(row.id),
    atMs: Number(row.at_ms),
    outcome: String(row.outcome) as NotificationEvent['outcome'],
    reason: String(row.reason),
    receiver: String(row.receiver),
    notifier: String(row.notifier),
    groupKey: String(row.group_key),
    detail: String(row.detail),
  };
}
