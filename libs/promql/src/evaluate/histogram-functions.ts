import type { TextRange } from '@opsroom/contracts';
import { histogramFraction, histogramQuantile, type NanEffect } from '../histogram/estimate.js';
import type { FloatHistogram } from '../histogram/float-histogram.js';
import type { Labels } from '../model/labels.js';
import type { CallNode, PlanNode } from '../plan/nodes.js';
import { annotate } from './annotations.js';
import { ABSENT, Block, FLOAT } from './block.js';
import { collect, dropNames, mergeDuplicates } from './duplicates.js';
import { type BlockStream, type Evaluation, type Grid, timeOf } from './evaluation.js';
import { type ClassicBucket, classicFraction, classicQuantile, type Repair } from './kernels/classic-histogram.js';
import { textOf } from './label-functions.js';
import { formatLabelValue } from './numbers.js';

/** What to compute of each histogram at a step: of a classic one by its buckets, of a native one by itself. */
interface Estimator {
  /** Label and its values; undefined where there is one result without a label of its own. */
  readonly label: string | undefined;
  readonly outputs: number;
  classic(output: number, step: number, buckets: readonly ClassicBucket[], repair: Repair): number;
  native(output: number, step: number, histogram: FloatHistogram): { readonly value: number; readonly nan: NanEffect };
  labelValue(output: number, step: number): string;
}

/** Rows that make one classic histogram, or a native one that bears the same labels. */
interface Family {
  readonly labels: Labels;
  readonly name: string;
  readonly dropName: boolean;
  readonly buckets: { readonly row: number; readonly upperBound: number }[];
}

/** histogram_quantile, histogram_quantiles and histogram_fraction. */
export function* histogramCallStream(evaluation: Evaluation, node: CallNode, grid: Grid): BlockStream {
  const { estimator, vector, nativeRange } = yield* estimatorOf(evaluation, node, grid);
  const block = yield* collect(evaluation, evaluation.vector(vector, grid), grid.steps);
  const streamed = estimates(evaluation, block, estimator, grid, vector.range, nativeRange);
  yield* dropNames(evaluation, streamed, grid.steps, true);
  evaluation.hold(-block.cells);
}

function* estimatorOf(
  evaluation: Evaluation,
  node: CallNode,
  grid: Grid,
): Generator<undefined, { estimator: Estimator; vector: PlanNode; nativeRange: TextRange }> {
  const { func, args } = node;
  if (func === 'histogram_fraction') {
    const lower = yield* evaluation.scalar(args[0], grid);
    const upper = yield* evaluation.scalar(args[1], grid);
    const estimator: Estimator = {
      label: undefined,
      outputs: 1,
      classic: (_output, step, buckets) => classicFraction(lower[step], upper[step], buckets),
      native: (_output, step, histogram) => histogramFraction(lower[step], upper[step], histogram),
      labelValue: () => '',
    };
    return { estimator, vector: args[2], nativeRange: args[0].range };
  }
  const several = func === 'histogram_quantiles';
  const quantiles: Float64Array[] = [];
  for (const arg of several ? args.slice(2) : args.slice(0, 1)) {
    const column = yield* evaluation.scalar(arg, grid);
    for (const value of column) {
      if (!(value >= 0 && value <= 1)) evaluation.annotations.add(annotate.invalidQuantile(value, arg.range));
    }
    quantiles.push(column);
  }
  const estimator: Estimator = {
    label: several ? textOf(args[1]) : undefined,
    outputs: quantiles.length,
    classic: (output, step, buckets, repair) => classicQuantile(quantiles[output][step], buckets, repair),
    native: (output, step, histogram) => histogramQuantile(quantiles[output][step], histogram),
    labelValue: (output, step) => formatLabelValue(quantiles[output][step]),
  };
  return { estimator, vector: several ? args[0] : args[1], nativeRange: args[0].range };
}

function* estimates(
  evaluation: Evaluation,
  block: Block,
  estimator: Estimator,
  grid: Grid,
  vectorRange: TextRange,
  nativeRange: TextRange,
): BlockStream {
  const { steps } = grid;
  const named = evaluation.options.delayedNameRemoval;
  const families = familiesOf(evaluation, block, vectorRange);
  const result = new Block(steps, block.rows * estimator.outputs);
  const rowOf = new Map<string, number>();
  const put = (labels: Labels, dropName: boolean, output: number, step: number, value: number): void => {
    const own =
      estimator.label === undefined ? labels : labels.with(estimator.label, estimator.labelValue(output, step));
    // Rows of different histograms stay apart here: whether they clash is found out when they are merged.
    const key = `${output}/${labels.key}/${own.key}`;
    let row = rowOf.get(key);
    if (row === undefined) {
      row = result.rows;
      rowOf.set(key, row);
      result.reserve();
      result.commit(own, dropName);
    }
    result.values[row * steps + step] = value;
    result.present[row * steps + step] = FLOAT;
  };
  for (const { labels, name, dropName, buckets } of families.values()) {
    for (let step = 0; step < steps; step++) {
      const present: ClassicBucket[] = [];
      let native: FloatHistogram | undefined;
      for (const { row, upperBound } of buckets) {
        const cell = row * steps + step;
        if (block.present[cell] === FLOAT) present.push({ upperBound, count: block.values[cell] });
      }
      for (const row of families.natives.get(labels.key) ?? []) native ??= block.histogramAt(row * steps + step);
      if (present.length === 0) continue;
      if (native !== undefined) {
        evaluation.annotations.add(annotate.mixedClassicNative(named ? name : '', vectorRange));
        continue;
      }
      for (let output = 0; output < estimator.outputs; output++) {
        const repair: Repair = { forced: false, minBucket: Infinity, maxBucket: -Infinity, maxDifference: 0 };
        const value = estimator.classic(output, step, present, repair);
        if (repair.forced) {
          evaluation.annotations.forcedMonotonicity(named ? name : '', vectorRange, timeOf(grid, step), repair);
        }
        put(labels, dropName, output, step, value);
      }
    }
    if (evaluation.work(steps)) yield undefined;
  }
  for (let row = 0; row < block.rows; row++) {
    if (block.histograms === undefined) break;
    const labels = block.labels[row];
    const classic = families.get(labels.key);
    for (let step = 0; step < steps; step++) {
      const histogram = block.histogramAt(row * steps + step);
      if (histogram === undefined) continue;
      const clash = classic?.buckets.some((bucket) => block.present[bucket.row * steps + step] === FLOAT) ?? false;
      if (clash) continue;
      for (let output = 0; output < estimator.outputs; output++) {
        const { value, nan } = estimator.native(output, step, histogram);
        noteNan(evaluation, nan, labels.metricName, nativeRange);
        put(labels, block.dropName[row], output, step, value);
      }
    }
    if (evaluation.work(steps)) yield undefined;
  }
  if (result.rows > 0) yield mergeDuplicates(result);
}

function noteNan(evaluation: Evaluation, nan: NanEffect, name: string, range: TextRange): void {
  if (nan === 'none') return;
  const text = { result: annotate.nanResult, skew: annotate.nanSkew, excluded: annotate.nanFraction }[nan];
  evaluation.annotations.add(text(name, range));
}

/** Rows with a bucket label, by their labels without it. */
class Families extends Map<string, Family> {
  /** Rows that hold native histograms, by their labels. */
  readonly natives = new Map<string, number[]>();
}

function familiesOf(evaluation: Evaluation, block: Block, range: TextRange): Families {
  const { steps } = block;
  const named = evaluation.options.delayedNameRemoval;
  const families = new Families();
  for (let row = 0; row < block.rows; row++) {
    const labels = block.labels[row];
    let floats = false;
    let histograms = false;
    for (let cell = row * steps; cell < (row + 1) * steps; cell++) {
      if (block.present[cell] === FLOAT) floats = true;
      else if (block.present[cell] !== ABSENT) histograms = true;
    }
    if (histograms) {
      const known = families.natives.get(labels.key);
      if (known === undefined) families.natives.set(labels.key, [row]);
      else known.push(row);
    }
    if (!floats) continue;
    const text = labels.get('le');
    const upperBound = parseBound(text);
    if (upperBound === undefined) {
      evaluation.annotations.add(annotate.badBucketLabel(named ? labels.metricName : '', text, range));
      continue;
    }
    const rest = labels.filter((name) => name !== 'le');
    let family = families.get(rest.key);
    if (family === undefined) {
      family = { labels: rest, name: labels.metricName, dropName: block.dropName[row], buckets: [] };
      families.set(rest.key, family);
    }
    family.buckets.push({ row, upperBound });
  }
  return families;
}

/** As Go reads a float: decimal or hexadecimal, with an exponent, or an infinity by name. */
function parseBound(text: string): number | undefined {
  const infinity = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinity !== null) return infinity[1] === '-' ? -Infinity : Infinity;
  if (/^[+-]?nan$/i.test(text)) return NaN;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  return Number(text);
}
