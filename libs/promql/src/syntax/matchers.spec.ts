import fc from 'fast-check';
import { PromqlSyntaxError } from '../errors.js';
import { compileAnchored, createMatcher } from './matchers.js';

describe('createMatcher', () => {
  it.each([
    ['=', 'a', ['a'], ['', 'b', 'ab']],
    ['!=', 'a', ['', 'b'], ['a']],
    ['=~', 'a|b', ['a', 'b'], ['', 'ab', 'c']],
    ['!~', 'a|b', ['', 'ab'], ['a', 'b']],
    ['=~', 'prod-.*', ['prod-', 'prod-1', 'prod-\n'], ['prod', 'xprod-1']],
    ['=~', 'prod-.+', ['prod-1'], ['prod-', 'x']],
    ['=~', '.*', ['', 'a\nb'], []],
    ['=~', '.+', ['a', '\n'], ['']],
    ['=~', '', [''], ['a']],
    ['=~', '(?i)abc', ['abc', 'ABC'], ['ab']],
    ['=~', 'a.b', ['axb', 'a\nb'], ['ab', 'axbx']],
    ['=~', '^a$', ['a'], ['b', 'aa']],
    ['=~', 'api-(blue|green)-[0-9]+', ['api-blue-1'], ['api-red-1', 'api-blue-']],
  ] as const)('%s %j', (operator, value, yes, no) => {
    const matcher = createMatcher('l', operator, value);
    for (const text of yes) expect([text, matcher.matches(text)]).toEqual([text, true]);
    for (const text of no) expect([text, matcher.matches(text)]).toEqual([text, false]);
  });

  it.each([
    ['a|b|c', ['a', 'b', 'c'], ''],
    ['api-(blue|green)', ['api-blue', 'api-green'], 'api-'],
    ['(a|b)(c|d)', ['ac', 'ad', 'bc', 'bd'], ''],
    ['(?:x|xy)z', ['xz', 'xyz'], 'x'],
    ['a\\.b\\|c', ['a.b|c'], 'a.b|c'],
    ['a|', ['a', ''], ''],
    ['prod-.*', undefined, 'prod-'],
    ['prod.+x', undefined, 'prod'],
    ['abc*', undefined, 'ab'],
    ['ab?c', undefined, 'a'],
    ['ab{2}', undefined, 'a'],
    ['a.*|b.*', undefined, ''],
    ['(?i)abc', undefined, ''],
    ['(?P<n>abc)', undefined, ''],
    ['\\Qa|b\\E', undefined, ''],
    ['[ab]c', undefined, ''],
    ['x[|]y', undefined, 'x'],
    ['\\d', undefined, ''],
  ])('finds what %s can match', (value, set, prefix) => {
    const matcher = createMatcher('l', '=~', value);
    expect(matcher.set).toEqual(set);
    expect(matcher.prefix).toBe(prefix);
  });

  it('agrees with the regular expression for generated ones', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      'ab',
      '.',
      '.*',
      '.+',
      '[ab]',
      '(a|b)',
      '(?:b|)',
      'a?',
      'b*',
      '\\.',
      '|',
      '(ab|ba.*)',
      '^',
      '$',
    );
    const source = fc.array(atom, { maxLength: 5 }).map((atoms) => atoms.join(''));
    const value = fc.array(fc.constantFrom('a', 'b', '.', '\n'), { maxLength: 5 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(source, fc.array(value, { maxLength: 5 }), (pattern, values) => {
        const plain = compileAnchored(pattern);
        const matcher = createMatcher('l', '=~', pattern);
        for (const text of values) {
          const expected = plain.matches(text);
          expect([pattern, text, matcher.matches(text)]).toEqual([pattern, text, expected]);
          if (!expected) continue;
          expect(text.startsWith(matcher.prefix)).toBe(true);
          if (matcher.set) expect(matcher.set).toContain(text);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['(', '[', 'a**', '\\8', '(?=a)', 'x{1001}'])('refuses %j as RE2 does', (value) => {
    expect(() => createMatcher('l', '=~', value)).toThrow(PromqlSyntaxError);
  });
});
