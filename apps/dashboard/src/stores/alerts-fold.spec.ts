import type { AlertsFrame } from '@opsroom/contracts';
import { alertOf } from '../format/alert.fixture.js';
import { EMPTY_FOLD, foldFrame, type AlertsFold } from './alerts-fold.js';

const a = alertOf('A');
const b = alertOf('B');
const snapshot: AlertsFrame = { kind: 'snapshot', topic: 't', position: { epoch: 'e', offset: 5 }, alerts: [a] };
const delta = (offset: number, changed = [b], removed: string[] = [], epoch = 'e'): AlertsFrame => ({
  kind: 'delta',
  topic: 't',
  position: { epoch, offset },
  changed,
  removed,
});
const start = foldFrame(EMPTY_FOLD, snapshot) as AlertsFold;
const names = (fold: AlertsFold | null): string[] | null =>
  fold && [...fold.alerts.values()].map((alert) => alert.labels['alertname'] ?? '');

describe('foldFrame', () => {
  it('begins with a snapshot and adds what changed', () => {
    expect(names(start)).toEqual(['A']);
    expect(names(foldFrame(start, delta(6)))).toEqual(['A', 'B']);
  });

  it('keeps the place of an alert that changes and drops what is removed', () => {
    const two = foldFrame(start, delta(6)) as AlertsFold;
    const changed = foldFrame(two, delta(7, [{ ...a, value: 9 }])) as AlertsFold;
    expect(names(changed)).toEqual(['A', 'B']);
    expect(changed.alerts.get(a.fingerprint)?.value).toBe(9);
    expect(names(foldFrame(changed, delta(8, [], [a.fingerprint])))).toEqual(['B']);
  });

  it('shows an alert that one frame both removes and brings back', () => {
    expect(names(foldFrame(start, delta(6, [a], [a.fingerprint])))).toEqual(['A']);
  });

  it('ignores what it already knows', () => {
    expect(foldFrame(start, delta(5))).toBe(start);
    expect(foldFrame(start, delta(2))).toBe(start);
  });

  it.each([
    ['a frame is missing', start, delta(7)],
    ['the epoch is another', start, delta(6, [b], [], 'f')],
    ['nothing came before', EMPTY_FOLD, delta(1)],
  ])('says that it cannot go on when %s', (_, fold, frame) => {
    expect(foldFrame(fold, frame)).toBeNull();
  });

  it('starts over with a snapshot of a new epoch', () => {
    const again = foldFrame(start, { ...snapshot, position: { epoch: 'f', offset: 1 }, alerts: [b] });
    expect(names(again)).toEqual(['B']);
    expect(again?.position).toEqual({ epoch: 'f', offset: 1 });
  });
});
