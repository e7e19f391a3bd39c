import fc from 'fast-check';
import { SnappyDecoder, SnappyError, SnappyTooLargeError } from './snappy.js';
import { snappyLiterals } from './write-request.fixture.js';

const decoder = new SnappyDecoder(1 << 20);
const decode = (...bytes: number[]): string => Buffer.from(decoder.decode(Uint8Array.from(bytes))).toString('latin1');
const letters = (text: string): number[] => [...Buffer.from(text, 'latin1')];

describe('decompressing a Snappy block', () => {
  it.each<[string, number[], string]>([
    ['nothing', [0], ''],
    ['a literal', [3, 2 << 2, ...letters('abc')], 'abc'],
    ['a literal with its length apart', [64, 60 << 2, 63, ...letters('x'.repeat(64))], 'x'.repeat(64)],
    ['a near copy', [8, 3 << 2, ...letters('abcd'), 1, 4], 'abcdabcd'],
    ['a copy with two bytes of offset', [10, 4 << 2, ...letters('abcde'), (4 << 2) | 2, 5, 0], 'abcdeabcde'],
    ['a copy with four bytes of offset', [10, 4 << 2, ...letters('abcde'), (4 << 2) | 3, 5, 0, 0, 0], 'abcdeabcde'],
    ['a run that copies what it writes', [8, 0, ...letters('z'), (3 << 2) | 1, 1], 'z'.repeat(8)],
  ])('reads %s', (_, bytes, text) => {
    expect(decode(...bytes)).toBe(text);
  });

  it.each<[string, number[]]>([
    ['no length', []],
    ['an unfinished length', [0x80, 0x80]],
    ['a length beyond 32 bits', [0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['a literal beyond the end', [5, 4 << 2, 1, 2]],
    ['a literal longer than the text', [1, 4 << 2, 1, 2, 3, 4, 5]],
    ['a literal whose length is cut', [200, 61 << 2, 1]],
    ['a copy from before the start', [8, 0, 65, 1, 9]],
    ['a copy from nowhere', [8, 0, 65, 1, 0]],
    ['a copy longer than the text', [3, 0, 65, (3 << 2) | 1, 1]],
    ['a cut copy', [8, 0, 65, 2, 1]],
    ['less than it says', [9, 0, 65]],
  ])('refuses %s', (_, bytes) => {
    expect(() => decode(...bytes)).toThrow(SnappyError);
  });

  it('refuses a text that is too long before it makes room for it', () => {
    expect(() => decode(0x81, 0x80, 0x40, 0)).toThrow(SnappyTooLargeError);
    expect(() => decode(0x81, 0x80, 0x40, 0)).toThrow('holds 1048577 bytes decompressed; at most 1048576');
  });

  it('never does anything but refuse or decode, whatever the bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(bytes, fc.nat(300), (input, length) => {
        const body = Uint8Array.from([...(length < 128 ? [length] : [(length & 127) | 128, length >>> 7]), ...input]);
        try {
          expect(decoder.decode(body)).toHaveLength(length);
        } catch (error) {
          expect(error).toBeInstanceOf(SnappyError);
        }
      }),
      { numRuns: 3000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000, size: 'max' }), (text) => {
        expect(Buffer.from(decoder.decode(snappyLiterals(text))).equals(text)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
