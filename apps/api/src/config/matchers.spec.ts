import { parseMatchers } from './matchers.js';

const m = (name: string, operator: string, value: string) => ({ name, operator, value });

describe('parseMatchers', () => {
  it.each([
    ['severity="critical"', [m('severity', '=', 'critical')]],
    ['severity=critical', [m('severity', '=', 'critical')]],
    ['{ a != "b", c =~ "d|e" , }', [m('a', '!=', 'b'), m('c', '=~', 'd|e')]],
    ['a="b",c!~"d,e"', [m('a', '=', 'b'), m('c', '!~', 'd,e')]],
    ['{"ünï.code"="✓"}', [m('ünï.code', '=', '✓')]],
    ['service.name=api', [m('service.name', '=', 'api')]],
    ['a="say \\"hi\\"\\n"', [m('a', '=', 'say "hi"\n')]],
    ['a=~"\\\\d+"', [m('a', '=~', '\\d+')]],
    // Only the classic grammar takes these: a bare value with blanks, a backslash that escapes nothing.
    ['summary=disk is full', [m('summary', '=', 'disk is full')]],
    ['a=~"^(foo|bar\\.com)$"', [m('a', '=~', '^(foo|bar\\.com)$')]],
    ['{}', []],
    ['', []],
    ['a=""', [m('a', '=', '')]],
  ])('reads %s', (text, expected) => expect(parseMatchers(text)).toEqual(expected));

  it.each([
    ['severity', 'expected =, !=, =~ or !~'],
    ['="x"', 'expected a label name'],
    ['{"a"="b"', 'expected a closing }'],
    ['"a"="b" "c"="d"', 'expected a comma'],
    ['a=~"("', 'bad regular expression in matcher a=~'],
    ['a=~"(?=x)"', 'bad regular expression'],
    ['"a"="\\q"', 'unknown escape'],
  ])('refuses %s', (text, message) => expect(() => parseMatchers(text)).toThrow(message));
});
