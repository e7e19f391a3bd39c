import fc from 'fast-check';
import { JsonText } from './json-text.js';
import { formatSample, formatTimestamp } from './number-format.js';

const printed = (write: (text: JsonText) => void): string => {
  const text = new JsonText();
  write(text);
  return text.finish().toString();
};

const point = (timeMs: number, value: number): string => printed((text) => text.point(timeMs, value));

const decimals = fc
  .tuple(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), fc.integer({ min: 0, max: 8 }))
  .map(([digits, places]) => digits / 10 ** places);

describe('a point as bytes', () => {
  it('reads as its numbers do as strings', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -(10 ** 12), max: 10 ** 14 }),
        fc.oneof(fc.double(), decimals, fc.maxSafeInteger()),
        (timeMs, value) => {
          expect(point(timeMs, value)).toBe(`[${formatTimestamp(timeMs)},"${formatSample(value)}"]`);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it.each([
    [0, 0, '[0,"0"]'],
    [-1, -0, '[-0.001,"-0"]'],
    [1_435_781_430_781, 0.1 + 0.2, '[1435781430.781,"0.30000000000000004"]'],
    [1050, 1e-6, '[1.050,"0.000001"]'],
    [1000, 999_999_999_999_999.9, '[1,"999999999999999.9"]'],
    [1000, 1e15, '[1,"1000000000000000"]'],
    [1000, 2 ** 53, '[1,"9007199254740992"]'],
    [1000, 1e21, '[1,"1e+21"]'],
    [1000, -1.5e-7, '[1,"-1.5e-07"]'],
    [1000, NaN, '[1,"NaN"]'],
    [1000, -Infinity, '[1,"-Inf"]'],
  ])('at %p with %p is %p', (timeMs, value, expected) => {
    expect(point(timeMs, value)).toBe(expected);
  });
});

describe('text', () => {
  it('keeps what was written before it had to grow', () => {
    const long = 'ä€😀'.repeat(3000);
    const text = printed((json) => {
      json.point(1000, 1);
      json.raw(long);
      json.timestamp(2500);
    });
    expect(text).toBe(`[1,"1"]${long}2.500`);
  });
});
