import type { TextRange } from '@opsroom/contracts';
import type { Annotations } from './result.js';
import { formatGeneral, quote } from './numbers.js';

/** A warning or an info about a place in the expression. Texts are Prometheus's, since rules and people look for them. */
export interface Annotation {
  readonly kind: 'warning' | 'info';
  readonly text: string;
  readonly range: TextRange;
}

export type HistogramOperation = 'addition' | 'subtraction' | 'aggregation';

const warning = (text: string, range: TextRange): Annotation => ({
  kind: 'warning',
  text: `PromQL warning: ${text}`,
  range,
});
const info = (text: string, range: TextRange): Annotation => ({ kind: 'info', text: `PromQL info: ${text}`, range });
const forMetric = (text: string, name: string): string =>
  name === '' ? text : `${text} for metric name ${quote(name)}`;

export const annotate = {
  invalidQuantile: (value: number, range: TextRange) =>
    warning(`quantile value should be between 0 and 1, got ${formatGeneral(value)}`, range),
  invalidRatio: (value: number, cap: number, range: TextRange) =>
    warning(
      `ratio value should be between -1 and 1, got ${formatGeneral(value)}, capping to ${formatGeneral(cap)}`,
      range,
    ),
  badBucketLabel: (name: string, value: string, range: TextRange) =>
    warning(forMetric(`bucket label "le" is missing or has a malformed value of ${quote(value)}`, name), range),
  mixedFloatsHistograms: (name: string, range: TextRange) =>
    warning(`encountered a mix of histograms and floats for metric name ${quote(name)}`, range),
  mixedFloatsHistogramsInAggregation: (range: TextRange) =>
    warning('encountered a mix of histograms and floats for aggregation', range),
  mixedClassicNative: (name: string, range: TextRange) =>
    warning(forMetric('vector contains a mix of classic and native histograms', name), range),
  notCounter: (name: string, range: TextRange) =>
    warning(`this native histogram metric is not a counter: ${quote(name)}`, range),
  notGauge: (name: string, range: TextRange) =>
    warning(`this native histogram metric is not a gauge: ${quote(name)}`, range),
  mixedExponentialCustom: (name: string, range: TextRange) =>
    warning(
      `vector contains a mix of histograms with exponential and custom buckets schemas for metric name ${quote(name)}`,
      range,
    ),
  incompatibleBuckets: (operator: string, range: TextRange) =>
    warning(`incompatible bucket layout encountered for binary operator ${operator}`, range),
  sortInRangeQuery: (range: TextRange) =>
    warning('sort is ineffective for range queries since results are always ordered by labels', range),
  resetCollision: (operation: HistogramOperation, range: TextRange) =>
    warning(`conflicting counter resets during histogram ${operation}`, range),

  possibleNonCounter: (name: string, range: TextRange) =>
    info(`metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${quote(name)}`, range),
  possibleNonCounterType: (name: string, type: string, range: TextRange) =>
    info(
      `metric might not be a counter, __type__ label is not set to "counter" or "histogram", got ${quote(type)}: ${quote(name)}`,
      range,
    ),
  incompatibleTypes: (left: string, operator: string, right: string, range: TextRange) =>
    info(
      `incompatible sample types encountered for binary operator ${quote(operator)}: ${left} ${operator} ${right}`,
      range,
    ),
  histogramIgnored: (aggregation: string, range: TextRange) =>
    info(`ignored histogram in ${aggregation} aggregation`, range),
  histogramsIgnoredInRange: (name: string, range: TextRange) =>
    info(`ignored histograms in a range containing both floats and histograms for metric name ${quote(name)}`, range),
  nanResult: (name: string, range: TextRange) =>
    info(forMetric('input to histogram_quantile has NaN observations, result is NaN', name), range),
  nanSkew: (name: string, range: TextRange) =>
    info(forMetric('input to histogram_quantile has NaN observations, result is skewed higher', name), range),
  nanFraction: (name: string, range: TextRange) =>
    info(
      forMetric('input to histogram_fraction has NaN observations, which are excluded from all fractions', name),
      range,
    ),
  bucketsReconciled: (operation: HistogramOperation, range: TextRange) =>
    info(`mismatched custom buckets were reconciled during ${operation}`, range),
} as const;

/** How far counts of classic buckets had to be mended, over all samples of one metric. */
interface Monotonicity {
  minBucket: number;
  maxBucket: number;
  maxDifference: number;
  samples: number;
  firstMs: number;
  lastMs: number;
  readonly range: TextRange;
}

/** Collects the annotations of one evaluation, each text once. */
export class AnnotationSet {
  private readonly byText = new Map<string, Annotation>();
  private readonly monotonicity = new Map<string, Monotonicity>();

  add(annotation: Annotation): void {
    if (!this.byText.has(annotation.text)) this.byText.set(annotation.text, annotation);
  }

  forcedMonotonicity(
    name: string,
    range: TextRange,
    timeMs: number,
    repair: { minBucket: number; maxBucket: number; maxDifference: number },
  ): void {
    const seen = this.monotonicity.get(name);
    if (seen === undefined) {
      this.monotonicity.set(name, { ...repair, samples: 1, firstMs: timeMs, lastMs: timeMs, range });
      return;
    }
    seen.minBucket = Math.min(seen.minBucket, repair.minBucket);
    seen.maxBucket = Math.max(seen.maxBucket, repair.maxBucket);
    seen.maxDifference = Math.max(seen.maxDifference, repair.maxDifference);
    seen.firstMs = Math.min(seen.firstMs, timeMs);
    seen.lastMs = Math.max(seen.lastMs, timeMs);
    seen.samples++;
  }

  /** Texts with their place as `(line:column)`, from 1 on, in the order of their first appearance. */
  result(text: string | undefined): Annotations {
    const warnings: string[] = [];
    const infos: string[] = [];
    for (const { kind, text: message, range } of this.byText.values()) {
      (kind === 'warning' ? warnings : infos).push(`${message} (${place(text, range)})`);
    }
    for (const [name, mended] of this.monotonicity) {
      const base = forMetric(
        'input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)',
        name,
      );
      infos.push(
        `PromQL info: ${base}, from buckets ${formatGeneral(mended.minBucket)} to ${formatGeneral(mended.maxBucket)}, with a max diff of ` +
          `${formatGeneral(mended.maxDifference, 2)}, over ${mended.samples} samples from ${instant(mended.firstMs)} to ` +
          `${instant(mended.lastMs)} (${place(text, mended.range)})`,
      );
    }
    return { warnings, infos };
  }
}

function place(text: string | undefined, range: TextRange): string {
  const before = text === undefined ? '' : text.slice(0, range.start);
  const line = before.split('\n').length;
  const column = text === undefined ? range.start + 1 : range.start - (before.lastIndexOf('\n') + 1) + 1;
  return `${line}:${column}`;
}

function instant(timeMs: number): string {
  return new Date(Math.trunc(timeMs / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}
