import type { Database, Row } from '../../storage/database.js';
import type { QueuedMessage } from './message.js';

/** A message on its way. */
export interface OutboxItem {
  readonly id: number;
  /** `receiver/kind/index`: where it goes. */
  readonly notifier: string;
  readonly message: QueuedMessage;
  readonly queuedMs: number;
  readonly attempts: number;
}

/** Names a message in all attempts at it, and no other, so that a receiver can tell a repetition. */
export const deliveryId = ({ id, queuedMs }: OutboxItem): string => `opsroom-${id}-${queuedMs}`;

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 5 * 60_000;
/** What could not be delivered for so long is given up; the group's next interval tells anew. */
export const GIVE_UP_MS = 6 * 3_600_000;

/** Pause before the next attempt: doubles from a second to five minutes. `attempts` counts those that have failed, from 1. */
function retryDelayMs(attempts: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS);
}

/** Messages that have been decided and not yet been delivered, in the database, so that a restart goes on with them. */
export class Outbox {
  constructor(private readonly database: Database) {}

  put(notifier: string, message: QueuedMessage, nowMs: number): void {
    this.database
      .statement(
        'INSERT INTO notification_outbox (notifier, group_key, message, queued_ms, due_ms) VALUES (?, ?, ?, ?, ?)',
      )
      .run(notifier, message.groupKey, JSON.stringify(message), nowMs, nowMs);
  }

  /** Notifiers that have messages waiting. */
  notifiers(): string[] {
    return this.database
      .statement('SELECT DISTINCT notifier FROM notification_outbox')
      .all()
      .map((row) => String(row.notifier));
  }

  /**
   * Items to one notifier whose time has come, oldest first, without those under way; of each group only the first, since their
   * order must stay.
   */
  due(notifier: string, nowMs: number, limit: number, underway: ReadonlySet<number>): OutboxItem[] {
    return this.database
      .statement(
        `SELECT * FROM notification_outbox AS item WHERE notifier = ? AND due_ms <= ? AND NOT EXISTS (
           SELECT 1 FROM notification_outbox AS earlier
           WHERE earlier.notifier = item.notifier AND earlier.group_key = item.group_key AND earlier.id < item.id)
         ORDER BY id LIMIT ?`,
      )
      .all(notifier, nowMs, limit + underway.size)
      .filter((row) => !underway.has(Number(row.id)))
      .slice(0, limit)
      .map(toItem);
  }

  remove(id: number): void {
    this.database.statement('DELETE FROM notification_outbox WHERE id = ?').run(id);
  }

  /** Puts an item off after a failed attempt. */
  postpone(item: OutboxItem, nowMs: number): void {
    const attempts = item.attempts + 1;
    this.database
      .statement('UPDATE notification_outbox SET attempts = ?, due_ms = ? WHERE id = ?')
      .run(attempts, nowMs + retryDelayMs(attempts), item.id);
  }
}

function toItem(row: Row): OutboxItem {
  return {
    id: Number(row.id),
    notifier: String(row.notifier),
    message: JSON.parse(String(row.message)) as QueuedMessage,
    queuedMs: Number(row.queued_ms),
    attempts: Number(row.attempts),
  };
}
