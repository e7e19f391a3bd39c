import { createMatcher, Labels, type Matcher } from '@opsroom/promql';
import fc from 'fast-check';
import { Postings } from './postings.js';

const labelsOf = fc.record(
  {
    __name__: fc.constantFrom('cpu', 'mem', 'disk'),
    host: fc.constantFrom('a', 'b', 'ab', 'abc'),
    zone: fc.constantFrom('1', '2'),
  },
  { requiredKeys: ['__name__'] },
);
const matcherOf: fc.Arbitrary<Matcher> = fc
  .tuple(
    fc.constantFrom('__name__', 'host', 'zone', 'absent'),
    fc.constantFrom<Matcher['operator'][]>('=', '!=', '=~', '!~'),
    fc.constantFrom('', 'cpu', 'a', 'ab', 'a|b', 'a|a|zz', 'a.*', '.+', '.*', 'a?', 'cpu|mem', '1|', '[ab]+'),
  )
  .map(([name, operator, value]) => createMatcher(name, operator, value));

describe('the index', () => {
  it('selects what trying every series selects, also after some were removed', () => {
    fc.assert(
      fc.property(
        fc.array(labelsOf, { maxLength: 30 }),
        fc.array(matcherOf, { maxLength: 4 }),
        fc.array(fc.nat(29)),
        (sets, matchers, removed) => {
          const postings = new Postings();
          const series = sets.map((set) => Labels.from(set));
          series.forEach((labels, ref) => postings.add(ref, labels));
          const gone = new Set(removed.filter((ref) => ref < series.length));
          postings.remove(gone);
          const expected = series.flatMap((labels, ref) =>
            !gone.has(ref) && matchers.every((matcher) => matcher.matches(labels.get(matcher.name))) ? [ref] : [],
          );
          expect([...postings.select(matchers)]).toEqual(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('forgets what no series has any more', () => {
    const postings = new Postings();
    postings.add(1, Labels.from({ __name__: 'cpu', host: 'a' }));
    postings.add(2, Labels.from({ __name__: 'cpu', zone: '1' }));
    postings.remove(new Set([1]));
    expect(postings.select([createMatcher('host', '=~', '.+')])).toEqual([]);
    expect(postings.select([createMatcher('__name__', '=', 'cpu')])).toEqual([2]);
    expect(postings.size).toBe(1);
  });
});
