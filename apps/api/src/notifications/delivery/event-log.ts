import type { NotificationEvent } from '@opsroom/contracts';
import type { Database, Row } from '../../storage/database.js';

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

  /** Newest first, before `beforeId` when given. */
  recent(limit: number, beforeId = Number.MAX_SAFE_INTEGER): NotificationEvent[] {
    return this.database
      .statement('SELECT * FROM notification_events WHERE id < ? ORDER BY id DESC LIMIT ?')
      .all(beforeId, limit)
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
