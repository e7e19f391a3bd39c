import type { Database } from '../../storage/database.js';
import { type Decision, episodeOf } from './decision.js';
import type { LogEntry } from './log-entry.js';

/**
 * What the log says after a notification was handed to the outbox. Episodes that were told about before and that are held back
 * now (acknowledged, silenced) stay known, so that their end is told and their return is no news.
 */
export function nextEntry(decision: Decision, last: LogEntry | undefined, nowMs: number): LogEntry {
  const held = decision.held.map(({ alert }) => episodeOf(alert)).filter((episode) => last?.firing.has(episode));
  return {
    sentMs: nowMs,
    firing: new Set([...decision.firing.map(episodeOf), ...held]),
    resolved: new Set(decision.resolved.map(episodeOf)),
  };
}

/** The log in the database: one entry for each group and notifier. `notifier` is `receiver/kind/index`. */
export class NotificationLog {
  constructor(private readonly database: Database) {}

  last(groupKey: string, notifier: string): LogEntry | undefined {
    const row = this.database
      .statement('SELECT sent_ms, firing, resolved FROM notification_log WHERE group_key = ? AND notifier = ?')
      .get(groupKey, notifier);
    if (!row) return undefined;
    return { sentMs: Number(row.sent_ms), firing: episodes(row.firing), resolved: episodes(row.resolved) };
  }

  put(groupKey: string, notifier: string, entry: LogEntry): void {
    this.database
      .statement(
        `INSERT INTO notification_log (group_key, notifier, sent_ms, firing, resolved) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (group_key, notifier) DO UPDATE SET sent_ms = excluded.sent_ms, firing = excluded.firing,
           resolved = excluded.resolved`,
      )
      .run(groupKey, notifier, entry.sentMs, JSON.stringify([...entry.firing]), JSON.stringify([...entry.resolved]));
  }

  remove(groupKey: string, notifier: string): void {
    this.database
      .statement('DELETE FROM notification_log WHERE group_key = ? AND notifier = ?')
      .run(groupKey, notifier);
  }

  /** Forgets entries that nobody has asked for since: their groups are long gone. */
  forgetBefore(ms: number): void {
    this.database.statement('DELETE FROM notification_log WHERE sent_ms < ?').run(ms);
  }
}

function episodes(json: unknown): Set<string> {
  return new Set(JSON.parse(String(json)) as string[]);
}
