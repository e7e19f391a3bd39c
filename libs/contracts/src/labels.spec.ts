import { byCodePoint, compareLabelSets, fingerprint, hashText, type LabelSet } from './labels.js';

describe('fingerprint', () => {
  it('does not depend on the order in which labels were set', () => {
    expect(fingerprint({ a: '1', b: '2' })).toBe(fingerprint({ b: '2', a: '1' }));
  });

  it('tells apart label sets whose texts only join to the same bytes', () => {
    expect(fingerprint({ a: 'bc' })).not.toBe(fingerprint({ ab: 'c' }));
  });

  it('is FNV-1a with 64 bits: the published vectors come out', () => {
    expect(hashText('')).toBe('cbf29ce484222325');
    expect(hashText('a')).toBe('af63dc4c8601ec8c');
    expect(hashText('foobar')).toBe('85944171f73967e8');
  });
});

describe('byCodePoint', () => {
  it('sorts as the UTF-8 bytes sort', () => {
    const texts = ['z', 'a', 'aa', '\u{1f600}', '\uffee', 'é', ''];
    const byBytes = [...texts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect([...texts].sort(byCodePoint)).toEqual(byBytes);
  });
});

describe('compareLabelSets', () => {
  it('puts fewer labels first, then compares value by value', () => {
    const ordered: LabelSet[] = [
      {},
      { b: '1' },
      { a: '1' },
      { a: '2' },
      { a: '1', c: '0' },
      { a: '1', b: '2' },
      { a: '2', b: '1' },
    ];
    expect([...ordered].reverse().sort(compareLabelSets)).toEqual(ordered);
    expect(compareLabelSets({ a: '1', b: '2' }, { b: '2', a: '1' })).toBe(0);
  });
});
