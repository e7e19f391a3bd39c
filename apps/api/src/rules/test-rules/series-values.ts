/** One value of an `input_series`; undefined where there is no sample. */
export type SeriesValue = number | 'stale' | undefined;

/** The notation of values cannot be read. */
export class SeriesNotationError extends Error {
  override readonly name = 'SeriesNotationError';
}

const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[iI]nf(?:inity)?|[nN][aA][nN]/.source;
const VALUE = new RegExp(`^([+-]?(?:${NUMBER}))(?:([+-](?:${NUMBER}))?x(\\d+))?$`);
const MAX_VALUES = 1_000_000;

/**
 * Reads promtool's notation, values separated by blanks: `1`, `_` (no sample), `stale`, `1x3` (1 1 1 1), `_x3` (none, three
 * times), `1+2x3` (1 3 5 7). Throws `SeriesNotationError`.
 */
export function parseSeriesValues(text: string): SeriesValue[] {
  const values: SeriesValue[] = [];
  const repeat = (count: number, value: (i: number) => SeriesValue): void => {
    if (values.length + count > MAX_VALUES) throw new SeriesNotationError(`more than ${MAX_VALUES} values`);
    for (let i = 0; i < count; i++) values.push(value(i));
  };
  for (const item of text.split(/\s+/).filter(Boolean)) {
    if (item.includes('{{')) throw new SeriesNotationError('native histograms in input_series are not supported');
    const blanks = /^_(?:x(\d+))?$/.exec(item);
    const value = VALUE.exec(item);
    if (blanks) repeat(Number(blanks[1] ?? 1), () => undefined);
    else if (item === 'stale') values.push('stale');
    else if (value) {
      const [, first, step, times] = value;
      const start = toNumber(first);
      if (times === undefined) values.push(start);
      else {
        const increment = step === undefined ? 0 : toNumber(step);
        let current = start;
        repeat(Number(times) + 1, (i) => (i === 0 ? current : (current += increment)));
      }
    } else throw new SeriesNotationError(`cannot read the value ${JSON.stringify(item)}`);
  }
  return values;
}

function toNumber(text: string): number {
  const word = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(text);
  if (!word) return Number(text);
  return word[2].toLowerCase() === 'nan' ? NaN : word[1] === '-' ? -Infinity : Infinity;
}
