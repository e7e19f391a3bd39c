import { PromqlSyntaxError } from '../errors.js';
import { aggregations, functions } from './functions.js';
import { parseExpr, parseSelector } from './parse.js';
import { printExpr } from './print.js';

const experimental = { experimental: true };

function failure(text: string, options = experimental): PromqlSyntaxError {
  try {
    parseExpr(text, options);
  } catch (error) {
    if (error instanceof PromqlSyntaxError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe('parseExpr', () => {
  it('knows all functions and aggregations of Prometheus 3.14', () => {
    expect(functions.size).toBe(90);
    expect(aggregations.size).toBe(14);
  });

  it.each([
    // Precedence and associativity.
    ['1 + 2 * 3 ^ 4', '(1 + (2 * (3 ^ 4)))'],
    ['1 - 2 - 3', '((1 - 2) - 3)'],
    ['2 ^ 3 ^ 2', '(2 ^ (3 ^ 2))'],
    ['-1 ^ 2', '-(1 ^ 2)'],
    ['-a * b', '(-a * b)'],
    ['2 ^ -1 ^ 2', '(2 ^ -(1 ^ 2))'],
    ['2 * -1 ^ 2 * 3', '((2 * -(1 ^ 2)) * 3)'],
    ['a or b and c unless d', '(a or ((b and c) unless d))'],
    ['a + b > c * d', '((a + b) > (c * d))'],
    ['a atan2 b % c', '((a atan2 b) % c)'],
    // Modifiers bind to what stands before them.
    ['a + b offset 5m', '(a + b offset 5m)'],
    ['-a offset 5m', '-a offset 5m'],
    ['a * b @ 5', '(a * b @ 5.000)'],
    ['a ^ b smoothed', '(a ^ b smoothed)'],
    ['a offset 2 ^ 2', '(a offset 2s ^ 2)'],
    ['a offset -2 * 3', '(a offset -2s * 3)'],
    ['a offset min_of(1m, 2m) + 1', '(a offset min_of(1m, 2m) + 1)'],
    // Signs of literals fold; of anything else they don't.
    ['--1', '1'],
    ['- 5m', '-5m'],
    ['1 - -1', '(1 - -1)'],
    ['+a', '+a'],
  ])('reads %s as %s', (text, grouped) => {
    expect(group(text)).toBe(grouped);
  });

  it.each([
    ['1.', 1],
    ['1.e3', 1000],
    ['.5', 0.5],
    ['1_000.5', 1000.5],
    ['0x1F', 31],
    ['0X_ff', 255],
    ['017', 15],
    ['08', 8],
    ['1e-3', 0.001],
    ['Inf', Infinity],
    ['-inF', -Infinity],
    ['NaN', NaN],
    ['5m', 300],
    ['-1h30m', -5400],
    ['500ms', 0.5],
    ['9223372036854775808', 9223372036854775808],
  ])('reads the number %s', (text, value) => {
    expect(parseExpr(text)).toMatchObject({ kind: 'number', value });
  });

  it.each([
    ['"\\n\\t\\\\\\""', '\n\t\\"'],
    ["'it\\'s'", "it's"],
    ['`raw \\n`', 'raw \\n'],
    ['"\\x41\\101\\u00e9\\U0001f600"', 'AAé😀'],
    ['"\\xc3\\xa9"', 'é'],
    ['"\\xff"', '\ufffd'],
    ['"é😀"', 'é😀'],
  ])('reads the string %s', (text, value) => {
    expect(parseExpr(text)).toMatchObject({ kind: 'string', value });
  });

  it.each([
    ['{"http.requests", "service.name"="a"}', '{"service.name"="a",__name__="http.requests"}'],
    ["{'foo'}", '{__name__="foo"}'],
    ['sum by ("service.name", job) (x)', 'sum by ("service.name", job) (x)'],
    ['x{on="1", sum="2", offset="3", inf="4",}', 'x{inf="4",offset="3",on="1",sum="2"}'],
    ['SUM WITHOUT (a) (x)', 'sum without (a) (x)'],
    ['a AND ON (b) c', 'a and on (b) c'],
    ['a + GROUP_LEFT', 'error'],
    ['offset offset 5m', 'offset offset 5m'],
    ['and and and', 'and and and'],
    ['sum + by', 'sum + by'],
    ['foo[STEP()] offset RANGE()', 'error'],
    ['rate(foo[STEP()] offset RANGE())', 'rate(foo[step()] offset range())'],
    ['rate(foo[MAX_OF(1m, 2m)])', 'rate(foo[max_of(1m, 2m)])'],
    ['min_of(1, 2) + max_of(3, 4)', 'min_of(1, 2) + max_of(3, 4)'],
    ['foo @ START() offset -1w', 'foo @ start() offset -1w'],
    ['foo offset 1m @ -1.5', 'foo @ -1.500 offset 1m'],
    ['rate(foo[5m] @ 10 smoothed)', 'rate(foo[5m] smoothed @ 10.000)'],
    ['a == bool on (x) group_right (y) b', 'a == bool on (x) group_right (y) b'],
    ['a + fill_right(1) fill_left(-2) b', 'a + fill_left (-2) fill_right (1) b'],
    ['a + ignoring(x) group_left fill(NaN) b', 'a + ignoring (x) group_left () fill (NaN) b'],
    ['a + on() 1', 'a + 1'],
    ['h </ 3 >/ 1', 'h </ 3 >/ 1'],
    ['foo # a comment with ) and "\n + bar', 'foo + bar'],
    ['info(a, {b=~".*"})', 'info(a, {b=~".*"})'],
    ['foo[1h:]', 'foo[1h:]'],
    ['max_over_time(rate(x[5m])[1h:1m] offset 1d)', 'max_over_time(rate(x[5m])[1h:1m] offset 1d)'],
    ['sum_over_time(x[(5m + step()) * 2:30])', 'sum_over_time(x[(5m + step()) * 2:30s])'],
  ])('reads %s', (text, printed) => {
    if (printed === 'error') failure(text.startsWith('foo[') ? `-${text}` : text);
    else expect(printExpr(parseExpr(text, experimental))).toBe(printed);
  });

  it.each([
    ['', 'no expression found in input', 0],
    ['# nothing', 'no expression found in input', 0],
    ['rat(x[5m])', 'unknown function "rat"; did you mean "rate"?', 0],
    ['1 + Rate(x[5m])', 'unknown function "Rate"; did you mean "rate"?', 4],
    ['summ by (a) (x)', 'unexpected "by", expected an operator', 5],
    ['sum(', 'unclosed left parenthesis', 3],
    ['a)', 'unexpected right parenthesis ")"', 1],
    ['a[5m)', 'unexpected right parenthesis ")", expected "]"', 4],
    ['a{b="c"', 'unclosed left brace', 1],
    ['a{b=c}', 'unexpected "c", expected a string', 4],
    ['a{b}', 'unexpected "}", expected "="', 3],
    ['a{b="c" d="e"}', 'unexpected "d", expected "}" or ","', 8],
    ['a{b="("}', undefined, 4],
    ['a{b=~"("}', 'bad regular expression', 5],
    ['a{b="c\\q"}', 'unknown escape sequence \\q', 6],
    ['"abc', 'unterminated quoted string', 0],
    ['`abc', 'unterminated raw string', 0],
    ['a = 1', 'unexpected "="; comparison is written "=="', 2],
    ['a & b', 'unexpected character "&"', 2],
    ['é', 'unexpected character "é"', 0],
    ['a +', 'unexpected end of input, expected an expression', 3],
    ['a b', 'unexpected "b", expected an operator', 2],
    ['sum(a,)', 'trailing commas are not allowed', 6],
    ['on(a)', 'it is a keyword here', 0],
    ['1a', 'bad number or duration syntax: "1a"', 0],
    ['1e3h', 'bad number or duration syntax', 0],
    ['1h1d', 'bad number or duration syntax', 0],
    ['a[0]', 'duration must be greater than 0', 2],
    ['a[-5m]', 'duration must be greater than 0', 2],
    ['a[5m:0s]', 'duration must be greater than 0', 5],
    ['a[300y]', 'duration out of range', 2],
    ['a offset 1m offset 2m', 'offset may not be set multiple times', 0],
    ['a @ 1 @ 2', '@ <timestamp> may not be set multiple times', 0],
    ['a @ inf', 'timestamp out of bounds for @ modifier', 4],
    ['sum(a) offset 1m', 'offset modifier must be preceded by', 0],
    ['1 @ 5', '@ modifier must be preceded by', 0],
    ['a offset 1m[5m]', 'no offset modifiers allowed before range', 11],
    ['a @ 1 [5m]', 'no @ modifiers allowed before range', 5],
    ['sum(a)[5m]', 'ranges only allowed for vector selectors', 6],
    ['a anchored smoothed', 'cannot be used together', 0],
    ['a[5m:] smoothed', 'smoothed modifier is not supported for subqueries', 0],
    ['changes(a[5m] smoothed)', 'smoothed modifier can only be used with', 8],
    ['{}', 'vector selector must contain at least one non-empty matcher', 0],
    ['{a=~".*"}', 'vector selector must contain at least one non-empty matcher', 0],
    ['{a!="b"}', 'vector selector must contain at least one non-empty matcher', 0],
    ['a{__name__="b"}', 'metric name must not be set twice: "a" or "b"', 0],
    ['{"a", "b"}', 'metric name must not be set twice: "a" or "b"', 0],
    ['{""}', 'a name may not be empty', 1],
    ['rate(a)', 'expected type range vector in call to function "rate", got instant vector', 5],
    ['abs(a[5m])', 'expected type instant vector in call to function "abs", got range vector', 4],
    ['round()', 'expected at least 1 argument(s) in call to "round", got 0', 0],
    ['round(a, 1, 2)', 'expected at most 2 argument(s) in call to "round", got 3', 0],
    ['time(1)', 'expected 0 argument(s) in call to "time", got 1', 0],
    ['label_join(a, "b")', 'expected at least 3 argument(s) in call to "label_join", got 2', 0],
    ['histogram_quantiles(a, "q")', 'expected at least 3 argument(s)', 0],
    ['sum(1)', 'expected type instant vector in aggregation expression, got scalar', 4],
    ['sum()', 'no arguments for aggregate expression provided', 0],
    ['sum(1, a)', 'wrong number of arguments for aggregate expression provided, expected 1, got 2', 0],
    ['topk(a)', 'wrong number of arguments for aggregate expression provided, expected 2, got 1', 0],
    ['topk("a", b)', 'expected type scalar in aggregation parameter, got string', 5],
    ['count_values(1, b)', 'expected type string in aggregation parameter, got scalar', 13],
    ['1 == 1', 'comparisons between scalars must use BOOL modifier', 1],
    ['a + bool b', 'bool modifier can only be used on comparison operators', 1],
    ['a </ bool b', 'bool modifier can only be used on comparison operators', 1],
    ['a and 1', 'set operator "and" not allowed in binary scalar expression', 0],
    ['1 or 1', 'set operator "or" not allowed in binary scalar expression', 0],
    ['a and on(b) group_left(c) d', 'no grouping allowed for "and" operation', 1],
    ['a or fill(0) b', 'filling in missing series not allowed for set operators', 1],
    ['a + on(b) 1', 'vector matching only allowed between instant vectors', 1],
    ['a + fill(0) 1', 'filling in missing series only allowed between instant vectors', 1],
    ['a + on(b, c) group_left(c) d', 'label "c" must not occur in ON and GROUP clause at once', 1],
    ['a[5m] + b', 'binary expression must contain only scalar and instant vector types', 0],
    ['-a[5m]', 'unary expression only allowed on expressions of type scalar or instant vector', 0],
    ['-"a"', 'unary expression only allowed', 0],
    ['a[5m][5m:]', 'subquery is only allowed on instant vector, got range vector instead', 0],
    ['1[5m:]', 'subquery is only allowed on instant vector, got scalar instead', 0],
    ['info(a, b)', 'the second argument of info() is label matchers only', 8],
  ])('refuses %s', (text, message, start) => {
    if (message === undefined) return expect(printExpr(parseExpr(text))).toBe(text);
    const error = failure(text);
    expect(error.message).toContain(message);
    expect(error.range.start).toBe(start);
  });

  it.each([
    'limitk(2, a)',
    'limit_ratio(0.5, a)',
    'mad_over_time(a[5m])',
    'sort_by_label(a, "b")',
    'info(a)',
    'step()',
    'min_of(1, 2)',
    'a + fill(0) b',
    'a smoothed',
    'rate(a[5m] anchored)',
    'rate(a[5m + 1m])',
    'a offset step()',
    'sum_over_time(a[5m:step()])',
  ])('keeps %s behind the experimental switch', (text) => {
    expect(failure(text, { experimental: false }).message).toContain('is experimental and not enabled');
    expect(printExpr(parseExpr(text, experimental))).toBe(text.replace('fill(0)', 'fill (0)'));
  });
});

describe('parseSelector', () => {
  it('gives the matchers with the name last', () => {
    const matchers = parseSelector('up{job=~"a|b", x!="1"}');
    expect(matchers.map((m) => m.name + m.operator + m.value)).toEqual(['job=~a|b', 'x!=1', '__name__=up']);
  });

  it.each(['up offset 5m', 'up @ 5', 'up[5m]', 'sum(up)', '1'])('refuses %s', (text) => {
    expect(() => parseSelector(text)).toThrow(PromqlSyntaxError);
  });
});

/** Prints with parentheses around each binary expression and after each sign before one. */
function group(text: string): string {
  const write = (expr: ReturnType<typeof parseExpr>): string => {
    if (expr.kind === 'binary') return `(${write(expr.left)} ${expr.operator} ${write(expr.right)})`;
    if (expr.kind === 'unary') return expr.operator + write(expr.expr);
    return printExpr(expr);
  };
  return write(parseExpr(text, experimental));
}
