import fc from 'fast-check';
import { ByteReader } from '../bytes/byte-reader.js';
import { ByteWriter } from '../bytes/byte-writer.js';
import { decodeColumn, encodeColumn } from './column-codec.js';

const bits = (column: Float64Array): string =>
  Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('hex');

function roundTrip(column: Float64Array): { back: Float64Array; bytes: number } {
  const out = new ByteWriter(4);
  encodeColumn(column, 0, column.length, out);
  const back = new Float64Array(column.length + 2);
  const reader = new ByteReader(out.written());
  decodeColumn(reader, column.length, back, 1);
  expect(reader.remaining).toBe(0);
  return { back: back.slice(1, -1), bytes: out.length };
}

const range = (count: number, value: (i: number) => number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => value(i));

/** A float64 from its words, so that a NaN has the payload that is meant. */
function withNaN(column: Float64Array, index: number, high: number, low: number): Float64Array {
  const words = new Uint32Array(column.buffer);
  words[index * 2] = low;
  words[index * 2 + 1] = high;
  return column;
}

describe('a column of samples in a block', () => {
  it.each<[string, Float64Array, number]>([
    ['regular timestamps', range(120, (i) => 1_700_000_000_000 + i * 15_000), 20],
    ['a constant', range(120, () => 42.5), 9],
    ['a counter that rises evenly', range(120, (i) => 1000 + i * 3), 12],
    ['hundredths of seconds', range(120, (i) => 12345.67 + Math.round(Math.sin(i) * 20) / 100), 140],
    ['bytes in pages of 4096', range(120, (i) => 8_000_000_000 - (i % 7) * 4096), 140],
    ['a counter that rarely moves', range(120, (i) => Math.floor(i / 40)), 14],
    ['counts beyond 32 bits', range(120, (i) => 9e14 + i * 1e6), 20],
    [
      'one stale marker at the end',
      withNaN(
        range(120, (i) => i),
        119,
        0x7ff00000,
        2,
      ),
      24,
    ],
    ['broken fractions', range(120, (i) => Math.sin(i)), 961],
  ])('takes few bytes for %s and gives it back bit for bit', (_, column, most) => {
    const { back, bytes } = roundTrip(column);
    expect(bits(back)).toBe(bits(column));
    expect(bytes).toBeLessThanOrEqual(most);
  });

  it('keeps payloads of NaN, the sign of zero and infinities', () => {
    const special = Float64Array.of(
      1,
      -0,
      0,
      Infinity,
      -Infinity,
      NaN,
      5e-324,
      -1.7976931348623157e308,
      2 ** 53,
      0.1 + 0.2,
    );
    withNaN(special, 5, 0x7ff80000, 0xdeadbeef);
    expect(bits(roundTrip(special).back)).toBe(bits(special));
    const mostlyPlain = range(100, (i) => i);
    special.forEach((_, i) => mostlyPlain.set(special.subarray(i, i + 1), i * 9));
    expect(bits(roundTrip(mostlyPlain).back)).toBe(bits(mostlyPlain));
  });

  it('gives back any column bit for bit', () => {
    const entry = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.maxSafeInteger(),
      fc.integer({ min: -500, max: 500 }).map((n) => n / 100),
      fc.constantFrom(0, -0, NaN, Infinity, -Infinity),
    );
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 60 }), (entries) => {
        const column = Float64Array.from(entries);
        expect(bits(roundTrip(column).back)).toBe(bits(column));
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses cut or damaged bytes with an error and never reads outside them', () => {
    const column = range(50, (i) => i * i + (i % 3) / 10);
    const out = new ByteWriter();
    encodeColumn(column, 0, 50, out);
    const whole = out.written().slice();
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeColumn(new ByteReader(whole.subarray(0, length)), 50, new Float64Array(50), 0)).toThrow(
        RangeError,
      );
    }
  });
});
