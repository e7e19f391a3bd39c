import type { AlertHistoryEntry, Note } from '@opsroom/contracts';
import { mergeTimeline, noteParts } from './timeline.js';

const entry = (id: number, kind: AlertHistoryEntry['kind'], actor = 'opsroom', detail = ''): AlertHistoryEntry => ({
  id,
  fingerprint: 'f',
  episode: 'e',
  atMs: id * 1000,
  kind,
  actor,
  detail,
});
const note = (id: number, text: string): Note => ({
  id,
  fingerprint: 'f',
  by: 'ben',
  atMs: id * 1000,
  text,
  mentions: [],
});

describe('mergeTimeline', () => {
  it('puts what happened and what was written in one order', () => {
    const items = mergeTimeline(
      [entry(1, 'fired'), entry(3, 'acknowledged', 'ana'), entry(2, 'noted', 'ben')],
      [note(2, 'on it')],
    );
    expect(items.map((item) => [item.actor, item.words, item.detail])).toEqual([
      ['', 'fired', ''],
      ['ben', '', 'on it'],
      ['ana', 'acknowledged', ''],
    ]);
  });

  it('counts the same act in a row, and shows when it was last', () => {
    const items = mergeTimeline([entry(1, 'opened', 'ana'), entry(2, 'opened', 'ana'), entry(3, 'opened', 'ben')], []);
    expect(items.map((item) => [item.actor, item.times, item.atMs])).toEqual([
      ['ana', 2, 2000],
      ['ben', 1, 3000],
    ]);
  });

  it('says in words why a notification was held back', () => {
    const [item] = mergeTimeline([entry(1, 'held_back', 'opsroom', 'storage/email/0: silenced: 5b0e')], []);
    expect(item.detail).toBe('storage, email: a silence matches it');
  });

  it('never folds notes into one', () => {
    expect(mergeTimeline([], [note(1, 'hm'), note(2, 'hm')])).toHaveLength(2);
  });
});

describe('noteParts', () => {
  it.each([
    ['ask @ana, please', ['ask ', '@ana', ', please'], [1]],
    ['mail a@b.c', ['mail a@b.c'], []],
    ['@ben', ['@ben'], [0]],
    ['', [], []],
  ])('sets mentions off in %j', (text, parts, mentions) => {
    expect(noteParts(text).map((part) => part.text)).toEqual(parts);
    expect(noteParts(text).flatMap((part, index) => (part.mention ? [index] : []))).toEqual(mentions);
  });
});
