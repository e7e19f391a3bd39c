import { InhibitionIndex, type InhibitRule } from './inhibition.js';
import { compileMatchers } from './label-index.js';

const down = compileMatchers([{ name: 'alertname', operator: '=', value: 'Down' }]);
const byParent: InhibitRule = {
  sourceMatchers: down,
  targetMatchers: [],
  equal: ['site'],
  parentLabels: { parent: 'instance' },
};

describe('inhibition by parents', () => {
  let index: InhibitionIndex;
  beforeEach(() => (index = new InhibitionIndex([byParent])));

  /** An alert of a thing that has a parent; its fingerprint is the name of the thing. */
  const set = (instance: string, parent: string, fires = true, more: Record<string, string> = {}): string[] => {
    const labels = { alertname: 'Down', site: 'v', instance, ...(parent !== '' && { parent }), ...more };
    return [...index.update(instance, labels, fires)].sort();
  };
  const inhibitors = (...names: string[]) => names.map((name) => index.inhibitedBy(name));

  it('mutes what hangs on something that is down, down the whole chain, in whatever order they fire', () => {
    set('host', 'switch');
    set('other', 'elsewhere');
    expect(set('router', '')).toEqual([]);
    expect(set('switch', 'router')).toEqual(['host']);
    expect(inhibitors('router', 'switch', 'host', 'other')).toEqual([undefined, 'router', 'switch', undefined]);
    expect(set('router', '', false)).toEqual(['host', 'switch']);
    expect(inhibitors('switch', 'host')).toEqual([undefined, 'switch']);
  });

  it('says nothing of those without a parent, of other sites, and of sources that do not match', () => {
    set('router', '');
    set('', '');
    set('near', 'router', true, { site: 'w' });
    set('slow', 'router', true, { alertname: 'Slow' });
    set('query', 'slow');
    expect(inhibitors('near', 'slow', 'query', 'router')).toEqual([undefined, 'router', undefined, undefined]);
  });

  it('mutes none of those that are each other’s parents, but what hangs on them', () => {
    set('a', 'c');
    set('b', 'a');
    expect(inhibitors('b')).toEqual(['a']);
    set('leaf', 'b');
    expect(set('c', 'b')).toEqual(['a', 'b', 'leaf']);
    expect(inhibitors('a', 'b', 'c', 'leaf')).toEqual([undefined, undefined, undefined, 'b']);
    expect(set('c', 'b', false)).toContain('a');
    expect(inhibitors('a', 'b')).toEqual([undefined, 'a']);
  });
});
