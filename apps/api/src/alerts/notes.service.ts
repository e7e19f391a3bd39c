import { Injectable } from '@nestjs/common';
import type { Note } from '@opsroom/contracts';
import { Clock } from '../model/clock.js';
import { Refusal } from '../model/refusal.js';
import { Database } from '../storage/database.js';
import { AlertsService } from './alerts.service.js';
import { type Actor, RequestLog } from './request-log.js';

/** A name after an @ that does not stand within a word; names may hold dots and dashes inside. */
const MENTION = /(?<![\p{L}\p{N}_.@])@([\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?)/gu;

/** The accounts that a text mentions, each once, in the order of the text. */
function mentionsIn(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(MENTION), (match) => match[1]))];
}

/**
 * In: what people write about an alert. Out: the notes of an alert. Owns: the table `alert_notes`; each note is also an entry
 * of the alert's history.
 */
@Injectable()
export class NotesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly requests: RequestLog,
    private readonly alerts: AlertsService,
  ) {}

  /** Durable when it returns; the same requestId of the same person gives the same note and adds nothing. */
  add(
    input: { readonly alert: string; readonly text: string; readonly requestId: string },
    actor: Actor,
  ): { readonly note: Note; readonly repeated: boolean } {
    const text = input.text.trim();
    if (text === '') throw new Refusal('bad_request', 'a note needs a text');
    const { result, repeated } = this.requests.once(actor, 'note:add', input.requestId, () => {
      const note = {
        fingerprint: input.alert,
        by: actor.name,
        atMs: this.clock.nowMs(),
        text,
        mentions: mentionsIn(text),
      };
      const id = this.database
        .statement('INSERT INTO alert_notes (fingerprint, author, at_ms, text, mentions) VALUES (?, ?, ?, ?, ?)')
        .run(note.fingerprint, note.by, note.atMs, note.text, JSON.stringify(note.mentions)).lastInsertRowid;
      this.alerts.record(input.alert, 'noted', text, actor);
      return { note: { ...note, id } };
    });
    return { note: result.note, repeated };
  }

  /** The newest `limit` notes of an alert, oldest first. */
  list(fingerprint: string, limit = 200): Note[] {
    return this.database
      .statement('SELECT * FROM alert_notes WHERE fingerprint = ? ORDER BY id DESC LIMIT ?')
      .all(fingerprint, limit)
      .map((row) => ({
        id: Number(row.id),
        fingerprint: String(row.fingerprint),
        by: String(row.author),
        atMs: Number(row.at_ms),
        text: String(row.text),
        mentions: JSON.parse(String(row.mentions)) as string[],
      }))
      .reverse();
  }
}
