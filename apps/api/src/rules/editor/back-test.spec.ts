import { Labels } from '@opsroom/promql';
import fc from 'fast-check';
import { nextAlerts, type RuleAlert } from '../evaluation/condition.js';
import { firingSpans } from './back-test.js';

describe('a back-test', () => {
  it('finds the same firing periods as evaluating the rule step by step', () => {
    const labels = Labels.from({ alertname: 'A' });
    const stepMs = 1_000;
    const options = fc.record({
      forMs: fc.integer({ min: 0, max: 5_000 }),
      keepFiringForMs: fc.integer({ min: 0, max: 5_000 }),
    });
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), options, (pattern, conditions) => {
        let active: ReadonlyMap<string, RuleAlert> = new Map();
        const fires = pattern.map((selected, step) => {
          active = nextAlerts(
            active,
            selected ? [{ labels, annotations: {}, value: 1 }] : [],
            step * stepMs,
            conditions,
          );
          return active.get(labels.key)?.state === 'firing';
        });
        const found = new Array<boolean>(pattern.length).fill(false);
        for (const { from, to } of firingSpans((step) => pattern[step], pattern.length, stepMs, conditions)) {
          found.fill(true, from, to ?? pattern.length);
        }
        expect(found).toEqual(fires);
      }),
    );
  });
});
