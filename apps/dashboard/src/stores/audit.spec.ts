import type { AccountAuditEntry, AlertHistoryEntry } from '@opsroom/contracts';
import { type AuditEntry, type AuditPart, holdsBack, kindsOf, mergeAudit } from './audit.js';

const account = (...times: number[]): AuditEntry[] =>
  times.map((atMs) => ({ source: 'account', entry: { id: atMs, atMs } as AccountAuditEntry }));
const alert = (...times: number[]): AuditEntry[] =>
  times.map((atMs) => ({ source: 'alert', entry: { id: atMs, atMs } as AlertHistoryEntry }));
const told = (parts: readonly AuditPart[]): string[] =>
  mergeAudit(parts).map(({ source, entry }) => `${source} ${entry.atMs}`);

describe('mergeAudit', () => {
  it('puts both records in one order, newest first', () => {
    const parts = [
      { entries: account(9, 4), done: true },
      { entries: alert(7, 5), done: true },
    ];
    expect(told(parts)).toEqual(['account 9', 'alert 7', 'alert 5', 'account 4']);
  });

  it('ends where one record is not known further', () => {
    const accounts = { entries: account(9, 4, 1), done: true };
    const alerts = { entries: alert(7, 5), done: false };
    expect(told([accounts, alerts])).toEqual(['account 9', 'alert 7', 'alert 5']);
    expect(holdsBack(alerts, [accounts, alerts])).toBe(true);
    expect(holdsBack(accounts, [accounts, alerts])).toBe(false);
  });

  it('shows nothing of one record before anything is known of the other', () => {
    const unknown = { entries: [], done: false };
    const alerts = { entries: alert(7, 5), done: false };
    expect(told([unknown, alerts])).toEqual([]);
    expect(holdsBack(unknown, [unknown, alerts])).toBe(true);
    expect(holdsBack(alerts, [unknown, alerts])).toBe(false);
  });
});

describe('kindsOf', () => {
  it.each([
    ['login', { account: ['login'], alert: null }],
    ['fired', { account: null, alert: ['fired'] }],
    ['notifications', { account: null, alert: ['notified', 'held_back', 'reminded'] }],
  ])('reads %s', (choice, kinds) => {
    expect(kindsOf(choice)).toEqual(kinds);
  });

  it.each(['', 'nonsense', 'constructor'])('shows what people did for %j', (choice) => {
    expect(kindsOf(choice)).toEqual(kindsOf('people'));
    expect(kindsOf(choice).alert).toContain('acknowledged');
    expect(kindsOf(choice).alert).not.toContain('fired');
  });
});
