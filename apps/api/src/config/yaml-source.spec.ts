import { readYaml } from './yaml-source.js';

const dataOf = (text: string): unknown => readYaml('a.yml', text).data;

describe('readYaml', () => {
  it.each([
    ['keeps scalars as they stand in the file', 'a: 1.10\nb: yes\nc: 0x10', { a: '1.10', b: 'yes', c: '0x10' }],
    ['takes null for nothing', 'a:\nb: ~\nc: null\nd: [~, x]', { a: '', b: '', c: '', d: ['', 'x'] }],
    ['but not a text that says so', 'a: "null"\nb: "~"\nnull: x', { a: 'null', b: '~', null: 'x' }],
    ['follows anchors', 'a: &x {k: v}\nb: *x', { a: { k: 'v' }, b: { k: 'v' } }],
    ['merges maps', 'a: &x {k: v, l: w}\nb: {<<: *x, k: u}', { a: { k: 'v', l: 'w' }, b: { k: 'u', l: 'w' } }],
  ])('%s', (_, text, data) => {
    expect(dataOf(text)).toEqual(data);
  });

  it('says where a value or its key stands, or what surrounds it', () => {
    const source = readYaml('a.yml', 'groups:\n- name:\n    x\n  rules: []\n');
    expect(source.locate(['groups', 0, 'name'])).toBe('a.yml:3');
    expect(source.locate(['groups', 0, 'name'], true)).toBe('a.yml:2');
    expect(source.locate(['groups', 0, 'limit'])).toBe('a.yml:2');
    expect(source.locate(['none'])).toBe('a.yml');
  });

  it('never throws', () => {
    expect(readYaml('a.yml', 'a: [1\nb: 2').problems[0]).toMatch(/^a\.yml:\d+: /);
    expect(readYaml('a.yml', 'a: 1\na: 2').problems).toEqual([expect.stringContaining('a.yml:2: ')]);
  });
});
