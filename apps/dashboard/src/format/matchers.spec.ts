import { matchersFromQuery, parseMatcher, printMatcher } from './matchers.js';

describe('parseMatcher', () => {
  it.each([
    ['severity=critical', 'severity', '=', 'critical'],
    [' job =~ "api|web" ', 'job', '=~', 'api|web'],
    ["path!='/a b'", 'path', '!=', '/a b'],
    ['msg!~"say \\"hi\\""', 'msg', '!~', 'say "hi"'],
    ['"service.name"=x', 'service.name', '=', 'x'],
    ['empty=', 'empty', '=', ''],
    ['a="x=y"', 'a', '=', 'x=y'],
  ])('reads %s', (text, name, operator, value) => {
    expect(parseMatcher(text)).toEqual({ name, operator, value });
  });

  it.each(['', 'severity', '=x', '!x=1', '{a="b"}'])('refuses %j', (text) => {
    expect(parseMatcher(text)).toBeUndefined();
  });

  it('reads back what it prints', () => {
    for (const value of ['', 'a"b', 'back\\slash', "it's", '"', 'ü✓']) {
      const matcher = { name: 'x', operator: '=' as const, value };
      expect(parseMatcher(printMatcher(matcher))).toEqual(matcher);
    }
  });
});

describe('matchersFromQuery', () => {
  it('takes one, several or none, and leaves out what it cannot read', () => {
    expect(matchersFromQuery(undefined)).toEqual([]);
    expect(matchersFromQuery('a="b"')).toHaveLength(1);
    expect(matchersFromQuery(['a="b"', null, 'nonsense', 'c!="d"']).map(printMatcher)).toEqual(['a="b"', 'c!="d"']);
  });
});
