import { moved, queryOf, topicsOf } from './topic-list.js';

describe('the topics in the address', () => {
  it.each([
    [[]],
    [[{ expr: 'up' }]],
    [[{ expr: 'up' }, { expr: 'rate(x_total[1m])', unit: 'perSecond' as const }, { expr: 'up' }]],
  ])('survive the way there and back: %j', (topics) => {
    const query = JSON.parse(JSON.stringify(queryOf(topics)));
    expect(topicsOf(query)).toEqual(topics);
  });

  it('are read from a single q, and an unknown unit is guessed', () => {
    expect(topicsOf({ q: 'up', u: 'furlongs' })).toEqual([{ expr: 'up' }]);
  });
});

describe('moved', () => {
  it('swaps neighbours and stops at the ends', () => {
    const list = ['a', 'b', 'c'];
    expect(moved(list, 0, 1)).toEqual(['b', 'a', 'c']);
    expect(moved(list, 2, 1)).toBe(list);
    expect(moved(list, 0, -1)).toBe(list);
  });
});
