import { Labels } from '@opsroom/promql';
import { nextAlerts, restoredActiveAtMs, type RuleAlert } from './condition.js';

const labels = Labels.from({ alertname: 'A' });
const selected = [{ labels, annotations: {}, value: 1 }];

/** Runs the rule every second; `x` selects the alert, `-` does not. Gives the states: pending, Firing, none. */
function play(pattern: string, options: { forMs: number; keepFiringForMs: number }): string {
  let active = new Map<string, RuleAlert>();
  return Array.from(pattern)
    .map((mark, i) => {
      active = nextAlerts(active, mark === 'x' ? selected : [], i * 1000, options);
      const state = active.get(labels.key)?.state;
      return state === 'firing' ? 'F' : state === 'pending' ? 'p' : '.';
    })
    .join('');
}

describe('the condition of a rule', () => {
  it.each<[string, number, number, string, string]>([
    ['fires at once without for', 0, 0, 'xx-x', 'FF.F'],
    ['is pending for as long as for says', 2000, 0, 'xxxx-', 'ppFF.'],
    ['begins anew after a gap', 2000, 0, 'xx-xxx', 'pp.ppF'],
    ['keeps firing for a while', 0, 2000, 'x---x', 'FFF.F'],
    ['does not keep what was only pending', 2000, 5000, 'x-xxx-', 'p.ppFF'],
    ['counts the time to keep from the last end', 0, 2000, 'x-x---', 'FFFFF.'],
  ])('%s', (_, forMs, keepFiringForMs, pattern, states) => {
    expect(play(pattern, { forMs, keepFiringForMs })).toBe(states);
  });

  it('takes up after a restart what an alert had fulfilled of its for', () => {
    const minute = 60_000;
    // It had been pending for 3 of 5 minutes and the server was down for one.
    expect(restoredActiveAtMs({ sampleMs: 10 * minute, activeAtMs: 7 * minute }, 5 * minute, 11 * minute)).toBe(
      8 * minute,
    );
    // It was firing: it fires at once.
    expect(restoredActiveAtMs({ sampleMs: 10 * minute, activeAtMs: 2 * minute }, 5 * minute, 11 * minute)).toBe(
      2 * minute,
    );
    // Two hours are too long ago.
    expect(restoredActiveAtMs({ sampleMs: 0, activeAtMs: 0 }, 5 * minute, 120 * minute)).toBeUndefined();
    expect(
      restoredActiveAtMs({ sampleMs: 10 * minute, activeAtMs: 7 * minute }, 5 * minute, 9 * minute),
    ).toBeUndefined();
  });
});
