import { Injectable } from '@nestjs/common';
import {
  type AlertHistoryEntry,
  type AlertHistoryFilter,
  type AlertHistoryKind,
  fromWire,
  toWire,
  type WireValue,
} from '@opsroom/contracts';
import { Database, type Row } from '../storage/database.js';
import type { AlertState } from './alert-state.js';

export type NewHistoryEntry = Omit<AlertHistoryEntry, 'id'>;

/**
 * In: states and history entries. Out: the same after a restart. Owns: the tables `alerts` and `alert_history`.
 */
@Injectable()
export class AlertRepository {
  constructor(private readonly database: Database) {}

  loadAll(): AlertState[] {
    return this.database
      .statement('SELECT state FROM alerts')
      .all()
      .map((row) => decode(String(row.state)));
  }

  save(state: AlertState): void {
    this.database
      .statement(
        'INSERT INTO alerts (fingerprint, state) VALUES (?, ?) ON CONFLICT DO UPDATE SET state = excluded.state',
      )
      .run(state.fingerprint, JSON.stringify({ ...state, value: toWire(state.value) }));
  }

  remove(fingerprint: string): void {
    this.database.statement('DELETE FROM alerts WHERE fingerprint = ?').run(fingerprint);
  }

  record(entry: NewHistoryEntry): number {
    return this.database
      .statement(
        'INSERT INTO alert_history (fingerprint, episode, at_ms, kind, actor, address, detail) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(
        entry.fingerprint,
        entry.episode,
        Math.round(entry.atMs),
        entry.kind,
        entry.actor,
        entry.address ?? null,
        entry.detail,
      ).lastInsertRowid;
  }

  /** The newest `limit` entries of an alert, oldest first. */
  history(fingerprint: string, limit: number): AlertHistoryEntry[] {
    return this.database
      .statement('SELECT * FROM alert_history WHERE fingerprint = ? ORDER BY id DESC LIMIT ?')
      .all(fingerprint, limit)
      .map(entryOf)
      .reverse();
  }

  /** The newest entries of all alerts before `beforeId`, newest first: the audit. */
  audit(
    limit: number,
    beforeId = Number.MAX_SAFE_INTEGER,
    { kinds, actor }: AlertHistoryFilter = {},
  ): AlertHistoryEntry[] {
    return this.database
      .statement(
        `SELECT * FROM alert_history
         WHERE id < ?1 AND (?2 IS NULL OR actor = ?2) AND (?3 IS NULL OR kind IN (SELECT value FROM json_each(?3)))
         ORDER BY id DESC LIMIT ?4`,
      )
      .all(beforeId, actor ?? null, kinds ? JSON.stringify(kinds) : null, limit)
      .map(entryOf);
  }

  hasEntry(fingerprint: string, episode: string, kind: AlertHistoryKind, actor: string): boolean {
    const sql = 'SELECT 1 FROM alert_history WHERE fingerprint = ? AND episode = ? AND kind = ? AND actor = ? LIMIT 1';
    return this.database.statement(sql).get(fingerprint, episode, kind, actor) !== undefined;
  }
}

function decode(text: string): AlertState {
  const stored = JSON.parse(text) as Omit<AlertState, 'value'> & { value: WireValue };
  return { ...stored, value: fromWire(stored.value) ?? NaN };
}

function entryOf(row: Row): AlertHistoryEntry {
  const address = row.address;
  return {
    id: Number(row.id),
    fingerprint: String(row.fingerprint),
    episode: String(row.episode),
    atMs: Number(row.at_ms),
    kind: String(row.kind) as AlertHistoryKind,
    actor: String(row.actor),
    ...(typeof address === 'string' && { address }),
    detail: String(row.detail),
  };
}
