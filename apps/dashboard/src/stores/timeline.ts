import type { AlertHistoryEntry, AlertHistoryKind, Note } from '@opsroom/contracts';
import { heldBackWords } from '../format/notification-words.js';

/** One line of an alert's history: something that happened, or a note that somebody wrote. */
export interface TimelineItem {
  readonly key: string;
  readonly atMs: number;
  /** Empty for the server's own acts. */
  readonly actor: string;
  readonly words: string;
  readonly detail: string;
  readonly kind: AlertHistoryKind | 'note';
  /** How often it happened in a row. */
  readonly times: number;
}

/** What happened, as it stands after the name of whoever did it. */
export const HISTORY_WORDS: Record<AlertHistoryKind, string> = {
  pending: 'became pending',
  fired: 'fired',
  resolved: 'resolved',
  dropped: 'went back before it fired',
  flapped: 'came back',
  worsened: 'got worse',
  acknowledged: 'acknowledged',
  taken_over: 'took it over',
  unacknowledged: 'gave it back',
  acknowledgement_expired: 'the acknowledgement lapsed',
  assigned: 'assigned it',
  unassigned: 'took the assignment back',
  noted: 'wrote',
  notified: 'notified',
  held_back: 'notification held back',
  reminded: 'reminded',
  opened: 'opened this page',
};

/** What an entry adds to its words; empty for most. */
export const historyDetail = ({ kind, detail }: AlertHistoryEntry): string =>
  kind === 'held_back' ? heldBackWords(detail) : detail;

/**
 * History and notes as one list, oldest first. Notes stand in both; the note itself is kept. The same act of the same
 * person again and again becomes one line with a count.
 */
export function mergeTimeline(history: readonly AlertHistoryEntry[], notes: readonly Note[]): TimelineItem[] {
  const entries: TimelineItem[] = history
    .filter((entry) => entry.kind !== 'noted')
    .map((entry) => ({
      key: `h${entry.id}`,
      atMs: entry.atMs,
      actor: entry.actor === 'opsroom' ? '' : entry.actor,
      words: HISTORY_WORDS[entry.kind] ?? entry.kind,
      detail: historyDetail(entry),
      kind: entry.kind,
      times: 1,
    }));
  const written: TimelineItem[] = notes.map((note) => ({
    key: `n${note.id}`,
    atMs: note.atMs,
    actor: note.by,
    words: '',
    detail: note.text,
    kind: 'note',
    times: 1,
  }));
  const sorted = [...entries, ...written].sort((a, b) => a.atMs - b.atMs);
  const merged: TimelineItem[] = [];
  for (const item of sorted) {
    const last = merged.at(-1);
    const again =
      last?.kind === item.kind && last.actor === item.actor && last.detail === item.detail && item.kind !== 'note';
    if (again) merged[merged.length - 1] = { ...item, key: last.key, times: last.times + 1 };
    else merged.push(item);
  }
  return merged;
}

/** A note's text in parts, so that mentions can be set off. */
export function noteParts(text: string): { text: string; mention: boolean }[] {
  return text
    .split(/(?<![\w@])(@[\p{L}\p{N}][\p{L}\p{N}._-]*)/u)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, mention: /^@[\p{L}\p{N}]/u.test(part) }));
}
