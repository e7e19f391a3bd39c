import { alertOf } from '../format/alert.fixture.js';
import { compareAlerts, groupAlerts, nextOrder, sinceMs } from './alert-order.js';

const acknowledgement = { by: 'ana', atMs: 1, note: '' };
const silenced = [{ kind: 'silence' as const, silenceId: 's' }];

describe('compareAlerts', () => {
  it('puts what nobody has first, by severity, then acknowledged, suppressed, pending and resolved', () => {
    const wanted = [
      alertOf('new critical', { firedAtMs: 9_000 }),
      alertOf('old critical'),
      alertOf('warning', { labels: { severity: 'warning' } }),
      alertOf('no data', { origin: { kind: 'rule', file: '', group: '', expr: '', health: 'nodata' } }),
      alertOf('info', { labels: { severity: 'info' } }),
      alertOf('taken', { acknowledgement }),
      alertOf('silenced', { suppressedBy: silenced }),
      alertOf('pending', { condition: 'pending' }),
      alertOf('resolved', { condition: 'resolved', resolvedAtMs: 99_000 }),
    ];
    const shuffled = [...wanted].reverse().sort(compareAlerts);
    expect(shuffled.map((alert) => alert.labels.alertname)).toEqual(wanted.map((alert) => alert.labels.alertname));
  });

  it('orders equal alerts the same way whatever way they came', () => {
    const [a, b] = [alertOf('a'), alertOf('b')];
    expect([a, b].sort(compareAlerts)).toEqual([b, a].sort(compareAlerts));
  });
});

describe('sinceMs', () => {
  const received = { kind: 'received' as const, generatorUrl: '' };
  it.each([
    ['a rule: since it fires', {}, 2_000],
    ['a rule that is pending: since it is active', { condition: 'pending' as const, firedAtMs: undefined }, 1_000],
    ['a sender: since the sender says, not since it came', { origin: received }, 1_000],
    [
      'whatever has resolved: since then',
      { origin: received, condition: 'resolved' as const, resolvedAtMs: 5_000 },
      5_000,
    ],
  ])('of %s', (_, changes, since) => {
    expect(sinceMs(alertOf('A', changes))).toBe(since);
  });
});

describe('nextOrder', () => {
  it('is the sorted order while no hand is near', () => {
    expect(nextOrder(['a', 'b'], ['c', 'b', 'a'], false)).toEqual({ order: ['c', 'b', 'a'], waiting: 0 });
  });

  it('keeps every row in its place while frozen, also one that has left, and counts who waits', () => {
    expect(nextOrder(['a', 'b'], ['d', 'c', 'a'], true)).toEqual({ order: ['a', 'b'], waiting: 2 });
  });

  it('shows what comes first in an empty list at once, frozen or not', () => {
    expect(nextOrder([], ['a'], true)).toEqual({ order: ['a'], waiting: 0 });
  });
});

describe('groupAlerts', () => {
  const alerts = [
    alertOf('x', { labels: { job: 'b' } }),
    alertOf('y', { labels: { job: 'a' } }),
    alertOf('z', { labels: { job: 'b' } }),
  ];

  it('groups by a label in order of first appearance', () => {
    expect(groupAlerts(alerts, 'job').map((group) => [group.title, group.alerts.length])).toEqual([
      ['b', 2],
      ['a', 1],
    ]);
  });

  it('keeps alerts without the label together', () => {
    expect(groupAlerts(alerts, 'nope').map((group) => group.title)).toEqual(['']);
  });

  it('is one group without a label, and none without alerts', () => {
    expect(groupAlerts(alerts, '')).toHaveLength(1);
    expect(groupAlerts([], '')).toEqual([]);
  });
});
