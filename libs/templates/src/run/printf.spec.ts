import type { GoValue } from '../values.js';
import { sprintf } from './printf.js';

describe('printf', () => {
  it.each<[string, GoValue[], string]>([
    ['%v %v %v', [1n, 1.5, 'a'], '1 1.5 a'],
    ['%d|%5d|%-5d|%05d|%+d', [7n, 7n, 7n, 7n, 7n], '7|    7|7    |00007|+7'],
    ['%f|%.2f|%8.3f|%-8.1f|%08.2f', [1.5, 1.255, 3.14159, 2.5, -2.5], '1.500000|1.25|   3.142|2.5     |-0002.50'],
    ['%e|%.2e|%E', [123456.789, 0.00012, 1e10], '1.234568e+05|1.20e-04|1.000000E+10'],
    ['%g|%.3g|%.4g|%g', [0.1, 1234567.0, 1234.5, 1e21], '0.1|1.23e+06|1234|1e+21'],
    ['%.4g %.4g %.4g', [0.00012345, 100000, 12.0], '0.0001234 1e+05 12'],
    ['%.0f %.0f %.0f', [0.5, 1.5, 2.5], '0 2 2'],
    ['%s|%10s|%-10s|%.2s', ['ab', 'ab', 'ab', 'abcd'], 'ab|        ab|ab        |ab'],
    ['%q %q', ['a"b\n', 'é'], '"a\\"b\\n" "é"'],
    ['%x %X %x', [255n, 255n, 'hi'], 'ff FF 6869'],
    ['%b %o %c %U', [5n, 8n, 65n, 65n], '101 10 A U+0041'],
    ['%t %v', [true, false], 'true false'],
    ['%T %T %T', [1n, 1.5, 'x'], 'int float64 string'],
    ['100%%', [], '100%'],
    ['%d', ['hi'], '%!d(string=hi)'],
    ['%s', [1n], '%!s(int=1)'],
    ['%d %d', [1n], '1 %!d(MISSING)'],
    ['x', [1n, 'a'], 'x%!(EXTRA int=1, string=a)'],
    ['%', [], '%!(NOVERB)'],
    ['%*d', [5n, 7n], '    7'],
    [
      '%v %s',
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
      '[a b] [a b]',
    ],
    ['%v %f', [Infinity, NaN], '+Inf NaN'],
  ])('%s of %p is %s', (format, args, printed) => {
    expect(sprintf(format, args)).toBe(printed);
  });
});
