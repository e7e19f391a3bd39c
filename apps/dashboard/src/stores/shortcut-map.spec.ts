import { keyName, ShortcutMap, type Pressed, type Shortcut } from './shortcut-map.js';

const press = (key: string, changes: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...changes,
});
const shortcut = (keys: string, label = keys): Shortcut => ({ keys, label, group: 'Page', run: () => true });

describe('keyName', () => {
  it.each([
    [press('a'), 'a'],
    [press('A', { shiftKey: true }), 'A'],
    [press('?', { shiftKey: true }), '?'],
    [press('Enter', { shiftKey: true }), 'Shift+Enter'],
    [press('K', { metaKey: true }), 'Mod+k'],
    [press('k', { ctrlKey: true }), 'Mod+k'],
    [press(' '), 'Space'],
  ])('spells %j as %s', (pressed, name) => {
    expect(keyName(pressed)).toBe(name);
  });
});

describe('ShortcutMap', () => {
  const map = new ShortcutMap();
  map.add([shortcut('a'), shortcut('g a'), shortcut('Mod+k'), shortcut('Escape')]);

  it('finds a key, and nothing for one that has no meaning', () => {
    expect(map.find(press('a'), false, 0)?.keys).toBe('a');
    expect(map.find(press('b'), false, 0)).toBeUndefined();
  });

  it('leaves letters to whoever is typing, but not Escape and not keys with a modifier', () => {
    expect(map.find(press('a'), true, 0)).toBeUndefined();
    expect(map.find(press('Escape'), true, 0)?.keys).toBe('Escape');
    expect(map.find(press('k', { metaKey: true }), true, 0)?.keys).toBe('Mod+k');
  });

  it('reads two keys in a row as a pair, if the second comes soon', () => {
    expect(map.find(press('g'), false, 0)).toBeUndefined();
    expect(map.find(press('a'), false, 900)?.keys).toBe('g a');
    map.find(press('g'), false, 2_000);
    expect(map.find(press('a'), false, 3_100)?.keys).toBe('a');
  });

  it('forgets the first key when the second makes no pair', () => {
    map.find(press('g'), false, 0);
    expect(map.find(press('x'), false, 100)).toBeUndefined();
    expect(map.find(press('a'), false, 200)?.keys).toBe('a');
  });

  it('lets the newest registration win until it is taken back', () => {
    const remove = map.add([shortcut('a', 'nearer')]);
    expect(map.find(press('a'), false, 0)?.label).toBe('nearer');
    remove();
    expect(map.find(press('a'), false, 0)?.label).toBe('a');
  });
});
