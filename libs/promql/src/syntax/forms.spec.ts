import { canonicalExpr } from './canonical.js';
import { parseDuration, printDuration } from './duration.js';
import { exprToJson } from './json.js';
import { parseExpr } from './parse.js';
import { prettyExpr } from './pretty.js';
import { printNumber, quote } from './print.js';

const read = (text: string): ReturnType<typeof parseExpr> => parseExpr(text, { experimental: true });

describe('canonicalExpr', () => {
  it.each([
    [['sum by(a)(x)', 'sum(x) by (a)', 'SUM BY (a, a) ((x))'], 'sum by (a) (x)'],
    [['x{b="1",a="2"}', 'x{a="2", b="1",}', '{__name__="x", a="2", b="1"}', '{"x", b="1", a="2"}'], 'x{a="2",b="1"}'],
    [['a+b*c', '(a) + (b * c)', '((a + (b*c)))', '+a + b*c'], 'a + b * c'],
    [['(a + b) * c', '((a+b))*c'], '(a + b) * c'],
    [['a - (b - c)'], 'a - (b - c)'],
    [['(a - b) - c'], 'a - b - c'],
    [['(a ^ b) ^ c'], '(a ^ b) ^ c'],
    [['a ^ (b ^ c)'], 'a ^ b ^ c'],
    [['(-1) ^ 2'], '(-1) ^ 2'],
    [['-1 ^ 2', '-(1 ^ 2)'], '-1 ^ 2'],
    [['x > 300', 'x > 5m', 'x > 3e2'], 'x > 300'],
    [['rate(x[300s])', 'rate(x[5m])', 'rate(x[300])'], 'rate(x[5m])'],
    [['x offset 5m @ end()', 'x @ end() offset 5m'], 'x @ end() offset 5m'],
    [['a / on(y, x) b', 'a / on(x, y, x) b'], 'a / on (x, y) b'],
    [['(a offset 5m)[5m:]'], 'a offset 5m[5m:]'],
    [['(a + b)[5m:1m]'], '(a + b)[5m:1m]'],
    [['{__name__="on"}'], '{__name__="on"}'],
  ])('gives one text for %j', (texts, canonical) => {
    for (const text of texts) expect(canonicalExpr(read(text))).toBe(canonical);
    expect(canonicalExpr(read(canonical))).toBe(canonical);
  });
});

describe('prettyExpr', () => {
  const long = 'a_metric_with_quite_a_long_name{another_label="something",instance="b",job="a"}';

  it('leaves what fits on one line', () => {
    expect(prettyExpr(read('sum(x)by(a)'))).toBe('sum by (a) (x)');
  });

  it('splits what is longer than 100 characters by its structure', () => {
    expect(prettyExpr(read(`sum by (a) (rate(${long}[5m])) / on(a) group_left topk(5, ${long} offset 5m)`))).toBe(
      ['  sum by (a) (', `    rate(${long}[5m])`, '  )', '/ on (a) group_left ()', `  topk(5, ${long} offset 5m)`].join(
        '\n',
      ),
    );
    expect(prettyExpr(read(`-label_replace((${long} + ${long}), "a", "b", "c", "d")`))).toBe(
      [
        '-label_replace(',
        '  (',
        `      ${long}`,
        '    +',
        `      ${long}`,
        '  ),',
        '  "a",',
        '  "b",',
        '  "c",',
        '  "d"',
        ')',
      ].join('\n'),
    );
    expect(prettyExpr(read(`topk by (a) (5, sum_over_time((${long} * 2.5)[10m:1m] offset 5m) > 0)`))).toBe(
      [
        'topk by (a) (',
        '  5,',
        '    sum_over_time(',
        `      (${long} * 2.5)[10m:1m] offset 5m`,
        '    )',
        '  >',
        '    0',
        ')',
      ].join('\n'),
    );
  });
});

describe('exprToJson', () => {
  it('has the shape of parse_query', () => {
    expect(exprToJson(read('sum by (a) (rate(x{b=~"c"}[5m] @ end() offset 1m)) > bool -(3)'))).toEqual({
      type: 'binaryExpr',
      op: '>',
      bool: true,
      matching: null,
      lhs: {
        type: 'aggregation',
        op: 'sum',
        param: null,
        grouping: ['a'],
        without: false,
        expr: {
          type: 'call',
          func: { name: 'rate', argTypes: ['matrix'], variadic: 0, returnType: 'vector' },
          args: [
            {
              type: 'matrixSelector',
              name: 'x',
              range: 300_000,
              offset: 60_000,
              matchers: [
                { name: 'b', type: '=~', value: 'c' },
                { name: '__name__', type: '=', value: 'x' },
              ],
              timestamp: null,
              startOrEnd: 'end',
              anchored: false,
              smoothed: false,
            },
          ],
        },
      },
      rhs: { type: 'unaryExpr', op: '-', expr: { type: 'parenExpr', expr: { type: 'numberLiteral', val: '3' } } },
    });
  });

  it.each([
    ['round(x)', { argTypes: ['vector', 'scalar'], variadic: 1 }],
    ['hour()', { argTypes: ['vector'], variadic: 1 }],
    ['label_join(x, "a", ",")', { argTypes: ['vector', 'string', 'string', 'string'], variadic: -1 }],
    ['sort_by_label(x, "a")', { argTypes: ['vector', 'string'], variadic: -1 }],
    ['histogram_quantiles(x, "q", 1)', { argTypes: ['vector', 'string', 'scalar', 'scalar'], variadic: 9 }],
  ])('shows the signature of %s as Prometheus counts', (text, signature) => {
    expect(exprToJson(read(text)).func).toMatchObject(signature);
  });

  it('shows vector matching with its fill values', () => {
    expect(exprToJson(read('a * on(x) group_left(y) fill_right(2) b')).matching).toEqual({
      card: 'many-to-one',
      labels: ['x'],
      on: true,
      include: ['y'],
      fillValues: { lhs: null, rhs: 2 },
    });
  });
});

describe('durations', () => {
  it.each([
    ['1h30m', 5_400_000, '1h30m'],
    ['90s', 90_000, '1m30s'],
    ['1y', 31_536_000_000, '1y'],
    ['2w', 1_209_600_000, '2w'],
    ['8d', 691_200_000, '8d'],
    ['36h', 129_600_000, '1d12h'],
    ['1m1ms', 60_001, '1m1ms'],
    ['0', 0, '0s'],
    ['0s', 0, '0s'],
  ])('reads %s', (text, ms, printed) => {
    expect(parseDuration(text)).toBe(ms);
    expect(printDuration(ms)).toBe(printed);
  });

  it.each(['', '5', '5x', 'm', '1m1h', '1.5h', '-5m', '5m 3s', '300y'])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(RangeError);
  });

  it('prints negative ones with a sign', () => {
    expect(printDuration(-90_000)).toBe('-1m30s');
  });
});

describe('literals', () => {
  it.each([
    [1e21, '1000000000000000000000'],
    [1.5e-7, '0.00000015'],
    [-0, '-0'],
    [0.1, '0.1'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
    [NaN, 'NaN'],
  ])('prints the number %p', (value, text) => {
    expect(printNumber(value)).toBe(text);
  });

  it.each([
    ['a"b\\c\n\x07\x00\x7f', '"a\\"b\\\\c\\n\\a\\x00\\x7f"'],
    ['é😀', '"é😀"'],
    ['\u200b\ufeff', '"\\u200b\\ufeff"'],
  ])('quotes %j', (value, text) => {
    expect(quote(value)).toBe(text);
  });
});
