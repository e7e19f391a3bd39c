import { createMatcher } from '@opsroom/promql';
import fc from 'fast-check';
import { labels, put, read, TestStore } from './test-store.fixture.js';
import { defaultTsdbOptions } from './tsdb-store.js';

type Step =
  | { readonly do: 'put'; readonly series: number; readonly samples: [number, number][] }
  | { readonly do: 'delete'; readonly series: number; readonly startMs: number; readonly endMs: number }
  | { readonly do: 'seal' | 'tidy' | 'kill' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('put' as const),
      series: fc.nat(2),
      samples: fc.array(fc.tuple(fc.integer({ min: -20, max: 60 }), fc.nat(3)), { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('delete' as const),
      series: fc.nat(2),
      startMs: fc.integer({ min: -25, max: 60 }),
      endMs: fc.integer({ min: -25, max: 65 }),
    }),
  },
  { weight: 3, arbitrary: fc.constantFrom<Step>({ do: 'seal' }, { do: 'tidy' }, { do: 'kill' }) },
);

describe('the store beside a plain map', () => {
  it('holds the same samples after any course of late samples, deletions, seals, dropped logs and kills', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.constantFrom(0, 10, 1000), async (steps, headMs) => {
        const seal = {
          ...defaultTsdbOptions.seal,
          samples: 3,
          maxPieceSamples: 5,
          maxBlockSamples: 8,
          maxSegments: 1,
          headMs,
        };
        const test = new TestStore({ segmentBytes: 100, seal });
        const model = [0, 1, 2].map(() => new Map<number, number>());
        const check = (): void => {
          for (const [i, map] of model.entries()) {
            const selected = [...test.store.select([createMatcher('__name__', '=', `s${i}`)], -Infinity, Infinity)].map(
              read,
            );
            const expected = [...map].sort(([a], [b]) => a - b);
            expect(selected).toEqual(expected.length > 0 ? [expected] : []);
            const part = [...test.store.select([createMatcher('__name__', '=', `s${i}`)], 3, 17)].flatMap(read);
            expect(part).toEqual(expected.filter(([t]) => t >= 3 && t <= 17));
          }
        };
        try {
          for (const one of steps) {
            if (one.do === 'put') {
              const map = model[one.series];
              const fresh = one.samples.filter(([t, v], i) => {
                return !map.has(t) && one.samples.findIndex(([other]) => other === t) === i && v >= 0;
              });
              expect(put(test.store, labels(`s${one.series}`), one.samples).appended).toBe(fresh.length);
              for (const [t, v] of fresh) map.set(t, v);
            } else if (one.do === 'delete') {
              test.store.deleteSeries([[createMatcher('__name__', '=', `s${one.series}`)]], one.startMs, one.endMs);
              for (const t of model[one.series].keys()) {
                if (t >= one.startMs && t <= one.endMs) model[one.series].delete(t);
              }
            } else if (one.do === 'seal') test.sealAll();
            else if (one.do === 'tidy') await test.store.tidy();
            else await test.reopen();
            check();
          }
        } finally {
          await test.close();
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
