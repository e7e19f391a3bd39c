import { addHistograms, type FloatHistogram, subtractHistograms } from '@opsroom/promql';
import { parseHistogram } from './histogram-notation.js';

/** One value of an `input_series`; undefined where there is no sample. */
export type SeriesValue = number | FloatHistogram | 'stale' | undefined;

/** The notation of values cannot be read. */
export class SeriesNotationError extends Error {
  override readonly name = 'SeriesNotationError';
}

const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[iI]nf(?:inity)?|[nN][aA][nN]/.source;
const VALUE = new RegExp(`^([+-]?(?:${NUMBER}))(?:([+-](?:${NUMBER}))?x(\\d+))?$`);
/** A native histogram, perhaps with what it grows by and how often; or any word. */
const ITEM = /\{\{.*?\}\}(?:[+-]\{\{.*?\}\})?(?:x\d+)?(?=\s|$)|\S+/g;
const HISTOGRAM = /^(\{\{.*?\}\})(?:([+-])(\{\{.*?\}\}))?(?:x(\d+))?$/;
const MAX_VALUES = 1_000_000;

/**
 * Reads promtool's notation, values separated by blanks: `1`, `_` (no sample), `stale`, `1x3` (1 1 1 1), `_x3` (none, three
 * times), `1+2x3` (1 3 5 7), `{{count:1}}` and `{{count:1}}+{{count:2}}x3` (native histograms). Throws `SeriesNotationError`.
 */
export function parseSeriesValues(text: string): SeriesValue[] {
  const values: SeriesValue[] = [];
  const repeat = (count: number, value: (i: number) => SeriesValue): void => {
    if (values.length + count > MAX_VALUES) throw new SeriesNotationError(`more than ${MAX_VALUES} values`);
    for (let i = 0; i < count; i++) values.push(value(i));
  };
  for (const [item] of text.matchAll(ITEM)) {
    const histogram = HISTOGRAM.exec(item);
    const blanks = /^_(?:x(\d+))?$/.exec(item);
    const value = VALUE.exec(item);
    if (histogram) {
      const [, first, sign, step, times] = histogram;
      const growing = histogramSteps(first, sign, step);
      repeat(Number(times ?? 0) + 1, () => growing.next().value);
    } else if (blanks) repeat(Number(blanks[1] ?? 1), () => undefined);
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

/** The first, then each the one before with `step` added or taken away. */
function* histogramSteps(first: string, sign: string, step: string | undefined): Generator<FloatHistogram, never> {
  let current = parseHistogram(first);
  const by = step === undefined ? undefined : parseHistogram(step);
  for (;;) {
    yield current;
    if (by === undefined) continue;
    const next = sign === '-' ? subtractHistograms(current, by) : addHistograms(current, by);
    if (next === undefined) throw new SeriesNotationError('exponential and custom buckets cannot be added');
    // What an addition says of resets is about counters; here the text says all.
    current = { ...next.histogram, counterResetHint: current.counterResetHint };
  }
}

function toNumber(text: string): number {
  const word = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(text);
  if (!word) return Number(text);
  return word[2].toLowerCase() === 'nan' ? NaN : word[1] === '-' ? -Infinity : Infinity;
}
