import { alertOf } from '../format/alert.fixture.js';
import { countParts, isShown, partOf } from './alert-view.js';

const acknowledgement = { by: 'ana', atMs: 1, note: '' };
const suppressedBy = [{ kind: 'silence' as const, silenceId: 's' }];

describe('partOf', () => {
  it.each([
    ['open', alertOf('A')],
    ['open', alertOf('A', { origin: { kind: 'rule', file: '', group: '', expr: '', health: 'nodata' } })],
    ['acknowledged', alertOf('A', { acknowledgement })],
    ['suppressed', alertOf('A', { suppressedBy })],
    ['suppressed', alertOf('A', { suppressedBy, acknowledgement })],
    ['pending', alertOf('A', { condition: 'pending' })],
    ['resolved', alertOf('A', { condition: 'resolved', acknowledgement })],
  ])('is %s', (part, alert) => {
    expect(partOf(alert)).toBe(part);
  });

  it('puts every alert into exactly one part, and all into all', () => {
    const alerts = [alertOf('A'), alertOf('B', { acknowledgement }), alertOf('C', { condition: 'pending' })];
    expect(countParts(alerts)).toEqual({ all: 3, open: 1, acknowledged: 1, suppressed: 0, pending: 1, resolved: 0 });
    expect(alerts.filter((alert) => isShown(alert, 'all'))).toHaveLength(3);
    expect(alerts.filter((alert) => isShown(alert, 'pending'))).toHaveLength(1);
  });
});
