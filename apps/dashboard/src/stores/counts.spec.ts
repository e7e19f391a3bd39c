import type { ServerStatus } from '@opsroom/contracts';
import { alertOf } from '../format/alert.fixture.js';
import { countsOf, isStale } from './counts.js';

const source = (changes: Partial<ServerStatus['sources'][number]> = {}): ServerStatus['sources'][number] => ({
  name: 'host',
  health: 'up',
  lastBatchMs: 100_000,
  intervalMs: 1_000,
  samples: 1,
  durationMs: 1,
  lastError: '',
  ...changes,
});

describe('isStale', () => {
  it.each([
    ['fresh', source(), 104_900, false],
    ['three batches overdue', source(), 105_100, true],
    ['down by its own word', source({ health: 'down' }), 100_000, true],
    ['never heard', source({ lastBatchMs: 0 }), 999_000, false],
    ['without a rhythm', source({ intervalMs: 0 }), 999_000, false],
  ])('%s', (_, known, nowMs, stale) => {
    expect(isStale(known, nowMs)).toBe(stale);
  });
});

describe('countsOf', () => {
  const group = { file: 'r.yml', group: 'g', intervalMs: 1, lastEvaluationMs: 1, durationMs: 1 };
  const status = {
    sources: [source(), source({ health: 'down' })],
    rules: [{ ...group, rules: 10, failing: 2 }],
  } as unknown as ServerStatus;

  it('counts by severity what fires, and what is well or stale from the status', () => {
    const origin = { kind: 'rule' as const, file: 'r.yml', group: 'g', expr: '', health: 'ok' as const };
    const alerts = [
      alertOf('A', { origin, labels: { instance: '1' } }),
      alertOf('A', { origin, labels: { instance: '2' } }),
      alertOf('B', { origin, labels: { severity: 'warning' } }),
      alertOf('C', { origin: { ...origin, health: 'nodata' } }),
      alertOf('D', { origin, condition: 'resolved' }),
    ];
    // Ten rules, two of them failing, three of them with alerts; stale: C, the source that is down, the failing two.
    expect(countsOf(alerts, status, 100_000)).toEqual({ critical: 2, warning: 1, info: 0, ok: 5, stale: 4 });
  });

  it('knows nothing of rules and sources without a status', () => {
    expect(countsOf([alertOf('A')], null, 0)).toEqual({ critical: 1, warning: 0, info: 0, ok: 0, stale: 0 });
  });
});
