import type { BlockSamples } from './block-format.js';
import { DecodedColumns } from './decoded-columns.js';

const column = (value: number): BlockSamples => ({
  timestamps: Float64Array.of(1000),
  values: Float64Array.of(value),
  histograms: undefined,
});

/** Reads columns by their keys; gives the keys that had to be decoded. */
function decoded(columns: DecodedColumns, keys: readonly number[]): number[] {
  const asked: number[] = [];
  for (const key of keys) {
    const { values } = columns.read(key, () => {
      asked.push(key);
      return column(key);
    });
    expect(values).toEqual(Float64Array.of(key));
  }
  return asked;
}

describe('decoded columns', () => {
  it('are kept from the second reading on', () => {
    expect(decoded(new DecodedColumns(), [1, 1, 1, 2, 1])).toEqual([1, 1, 2]);
  });

  it('are forgotten when others were used later', () => {
    const columns = new DecodedColumns(16);
    decoded(columns, [1, 1, 2, 2, 1, 3, 3]);
    expect(decoded(columns, [1, 3, 2])).toEqual([2]);
  });

  it('do not hold histograms, which are no plain columns', () => {
    const columns = new DecodedColumns();
    let asked = 0;
    for (let i = 0; i < 3; i++) {
      columns.read(1, () => {
        asked++;
        return { ...column(NaN), histograms: [undefined] };
      });
    }
    expect(asked).toBe(3);
  });
});
