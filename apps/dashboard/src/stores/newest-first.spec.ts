import { withNewest } from './newest-first.js';

const list = (...ids: number[]): { id: number }[] => ids.map((id) => ({ id }));

describe('withNewest', () => {
  it.each([
    ['nothing known', [], [3, 2], [3, 2]],
    ['nothing new', [3, 2, 1], [3, 2], [3, 2, 1]],
    ['two new', [3, 2, 1], [5, 4, 3], [5, 4, 3, 2, 1]],
    ['so many new that some between are missing', [3, 2, 1], [9, 8, 7], [9, 8, 7]],
  ])('with %s', (_, known, newest, all) => {
    expect(withNewest(list(...known), list(...newest))).toEqual(list(...all));
  });

  it('gives the same list when nothing is new, so that nothing is drawn again', () => {
    const known = list(2, 1);
    expect(withNewest(known, list(2, 1))).toBe(known);
  });
});
