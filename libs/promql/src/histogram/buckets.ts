import type { FloatHistogram } from './float-histogram.js';
import { type Buckets, CUSTOM_SCHEMA, unpack, type Unpacked } from './layout.js';

/** One bucket with its bounds. */
export interface HistogramBucket {
  readonly lower: number;
  readonly upper: number;
  readonly lowerInclusive: boolean;
  readonly upperInclusive: boolean;
  readonly count: number;
}

/**
 * The upper bound of the bucket `index`. Exponential: 2^(index * 2^-schema), the last one before overflow taken as the
 * largest number. Custom: the listed bound; -Inf below the first, +Inf above the last.
 */
export function boundOf(index: number, schema: number, customValues: readonly number[]): number {
  if (schema === CUSTOM_SCHEMA) {
    if (index < 0) return -Infinity;
    return index >= customValues.length ? Infinity : customValues[index];
  }
  if (schema < 0) {
    const exponent = index * 2 ** -schema;
    return exponent === 1024 ? Number.MAX_VALUE : 2 ** exponent;
  }
  const perPower = 2 ** schema;
  const whole = Math.floor(index / perPower);
  const part = index - whole * perPower;
  if (part === 0 && whole === 1024) return Number.MAX_VALUE;
  return 2 ** (part / perPower) * 2 ** whole;
}

/** Buckets of positive values by ascending bounds, or of negative ones by descending bounds. */
export function* sideBuckets(histogram: Unpacked, negative: boolean): Generator<HistogramBucket> {
  const { indices, counts }: Buckets = negative ? histogram.negative : histogram.positive;
  const custom = histogram.schema === CUSTOM_SCHEMA;
  for (let i = 0; i < indices.length; i++) {
    const near = boundOf(indices[i] - 1, histogram.schema, histogram.customValues);
    const far = boundOf(indices[i], histogram.schema, histogram.customValues);
    const lower = negative ? -far : near;
    const upper = negative ? -near : far;
    yield {
      lower,
      upper,
      lowerInclusive: custom ? indices[i] === 0 : lower < 0,
      upperInclusive: custom || upper > 0,
      count: counts[i],
    };
  }
}

export function zeroBucket(histogram: Unpacked): HistogramBucket {
  return {
    lower: -histogram.zeroThreshold,
    upper: histogram.zeroThreshold,
    lowerInclusive: true,
    upperInclusive: true,
    count: histogram.zeroCount,
  };
}

/** All buckets by ascending bounds: negative, zero (if it holds anything), positive. Empty ones of the layout are among them. */
export function histogramBuckets(histogram: FloatHistogram): HistogramBucket[] {
  const unpacked = unpack(histogram);
  const buckets = [...sideBuckets(unpacked, true)].reverse();
  if (unpacked.zeroCount > 0) buckets.push(zeroBucket(unpacked));
  buckets.push(...sideBuckets(unpacked, false));
  return buckets;
}
