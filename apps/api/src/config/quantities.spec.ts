import * as fc from 'fast-check';
import { parseDuration, parseSize, printDuration, printSize } from './quantities.js';

describe('durations', () => {
  it.each([
    ['0', 0],
    ['0s', 0],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['15d', 1_296_000_000],
    ['1y2w3d4h5m6s7ms', 31_536_000_000 + 1_209_600_000 + 259_200_000 + 14_400_000 + 300_000 + 6000 + 7],
    ['250ms', 250],
  ])('reads %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '5', '1.5h', '-5m', '30m1h', '5m5m', '5 m', 'm', '5min'])('refuses "%s"', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );

  it.each([
    [0, '0s'],
    [15 * 86_400_000, '15d'],
    [14 * 86_400_000, '2w'],
    [5_400_000, '1h30m'],
    [365 * 86_400_000, '1y'],
    [1500, '1s500ms'],
  ])('prints %d ms', (ms, text) => expect(printDuration(ms)).toBe(text));

  it('reads what it prints', () => {
    fc.assert(fc.property(fc.nat({ max: 2 ** 45 }), (ms) => parseDuration(printDuration(ms)) === ms));
  });
});

describe('sizes', () => {
  it.each([
    ['0', 0],
    ['512MiB', 512 * 1024 ** 2],
    ['10GB', 10 * 1024 ** 3],
    ['1.5KB', 1536],
    ['7B', 7],
  ])('reads %s', (text, bytes) => expect(parseSize(text)).toBe(bytes));

  it.each(['', 'GB', '-1GB', '5XB', '1e3'])('refuses "%s"', (text) => expect(parseSize(text)).toBeUndefined());

  it('reads what it prints', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 0, max: 2 }),
        (n, p) => parseSize(printSize(n * 1024 ** p)) === n * 1024 ** p,
      ),
    );
  });
});
