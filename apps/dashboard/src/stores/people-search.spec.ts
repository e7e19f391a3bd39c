import { openMention, searchPeople, withMention } from './people-search.js';

const people = ['ana', 'ben', 'juliana', 'mar.ana', 'dan'].map((name) => ({ name, role: 'responder' as const }));

describe('searchPeople', () => {
  it.each([
    ['an', ['ana', 'mar.ana', 'dan', 'juliana']],
    ['BEN', ['ben']],
    ['', ['ana', 'ben', 'dan', 'juliana', 'mar.ana']],
    ['x', []],
  ])('finds for %j', (text, names) => {
    expect(searchPeople(people, text).map(({ name }) => name)).toEqual(names);
  });
});

describe('a mention that is being written', () => {
  it.each([
    ['@', 1, { at: 0, typed: '' }],
    ['see @an', 7, { at: 4, typed: 'an' }],
    ['see @ana and', 6, { at: 4, typed: 'a' }],
    ['(@ana', 5, { at: 1, typed: 'ana' }],
    ['mail ana@example.org', 20, null],
    ['see @ana now', 12, null],
    ['nothing', 7, null],
  ])('in %j with the caret at %i', (text, caret, mention) => {
    expect(openMention(text, caret)).toEqual(mention);
  });

  it('is completed with one space after it', () => {
    expect(withMention('see @an', { at: 4, typed: 'an' }, 'ana')).toEqual({ text: 'see @ana ', caret: 9 });
    expect(withMention('see @an now', { at: 4, typed: 'an' }, 'ana')).toEqual({ text: 'see @ana now', caret: 9 });
  });
});
