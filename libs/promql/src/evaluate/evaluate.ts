import { PromqlExecutionError, PromqlLimitError } from '../errors.js';
import type { FloatHistogram } from '../histogram/float-histogram.js';
import type { Queryable } from '../model/queryable.js';
import type { QueryTimes } from '../plan/durations.js';
import type { Plan, PlanNode } from '../plan/nodes.js';
import type { Block } from './block.js';
import { collect, mergeDuplicates, renameRows } from './duplicates.js';
import { Evaluation, type Grid, type Paused } from './evaluation.js';
import { compareLabels, withoutMetadata } from './metadata-labels.js';
import { operators } from './operators.js';
import type { QueryOptions } from './options.js';
import { rawSamples } from './raw-samples.js';
import type { EvaluationResult, RawSeries, ResultSeries } from './result.js';
import { windowsOf } from './window.js';

/** An evaluation that stops every few ms: `next()` until `done`; then `value` is the result. Errors are thrown by `next()`. */
export type SlicedEvaluation = Generator<void, EvaluationResult>;

/** At every step from start to end (inclusive). Throws PromqlExecutionError and PromqlLimitError. */
export function evaluateRange(
  plan: Plan,
  queryable: Queryable,
  range: { readonly startMs: number; readonly endMs: number; readonly stepMs: number },
  options: QueryOptions,
): EvaluationResult {
  return finish(evaluateRangeSliced(plan, queryable, range, options));
}

/** At one time. Throws PromqlExecutionError and PromqlLimitError. */
export function evaluateInstant(
  plan: Plan,
  queryable: Queryable,
  timeMs: number,
  options: QueryOptions,
): EvaluationResult {
  return finish(evaluateInstantSliced(plan, queryable, timeMs, options));
}

export function* evaluateRangeSliced(
  plan: Plan,
  queryable: Queryable,
  range: { readonly startMs: number; readonly endMs: number; readonly stepMs: number },
  options: QueryOptions,
): SlicedEvaluation {
  const { startMs, endMs, stepMs } = range;
  const { root } = plan;
  if (root.type === 'matrix' || root.type === 'string') {
    const name = root.type === 'matrix' ? 'range vector' : 'string';
    throw new PromqlExecutionError(
      `invalid expression type "${name}" for range query, must be Scalar or instant Vector`,
    );
  }
  const steps = endMs < startMs ? 0 : Math.floor((endMs - startMs) / stepMs) + 1;
  if (steps > options.limits.maxPointsPerSeries) {
    throw new PromqlLimitError(
      'points',
      `exceeded maximum resolution of ${options.limits.maxPointsPerSeries.toLocaleString('en-US')} points per timeseries. Try decreasing the query resolution (?step=XX)`,
    );
  }
  return yield* evaluate(plan, queryable, { startMs, endMs, stepMs }, steps, options);
}

export function* evaluateInstantSliced(
  plan: Plan,
  queryable: Queryable,
  timeMs: number,
  options: QueryOptions,
): SlicedEvaluation {
  return yield* evaluate(plan, queryable, { startMs: timeMs, endMs: timeMs, stepMs: 0 }, 1, options);
}

function finish(evaluation: SlicedEvaluation): EvaluationResult {
  for (;;) {
    const { done, value } = evaluation.next();
    if (done === true) return value;
  }
}

function* evaluate(
  plan: Plan,
  queryable: Queryable,
  times: QueryTimes,
  steps: number,
  options: QueryOptions,
): SlicedEvaluation {
  const evaluation = new Evaluation(plan, queryable, times, options, operators);
  const grid: Grid = { startMs: times.startMs, stepMs: times.stepMs, steps };
  const work = valueOf(evaluation, plan.root, grid);
  for (;;) {
    const { done, value } = work.next();
    if (done === true) {
      const annotations = evaluation.annotations.result(plan.text);
      return { ...times, steps, annotations, samples: evaluation.samples, ...value };
    }
    yield;
    evaluation.resumed();
  }
}

type Value =
  | { readonly type: 'scalar'; readonly values: Float64Array }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly series: readonly ResultSeries[] }
  | { readonly type: 'matrix'; readonly series: readonly RawSeries[] };

function* valueOf(evaluation: Evaluation, root: PlanNode, grid: Grid): Paused<Value> {
  switch (root.type) {
    case 'string':
      return { type: 'string', value: root.kind === 'string' ? root.value : '' };
    case 'scalar':
      return { type: 'scalar', values: yield* evaluation.scalar(root, grid) };
    case 'matrix':
      return { type: 'matrix', series: yield* rawSeries(evaluation, root, grid) };
    case 'vector':
      return { type: 'vector', series: yield* vectorSeries(evaluation, root, grid) };
  }
}

function* vectorSeries(evaluation: Evaluation, root: PlanNode, grid: Grid): Paused<ResultSeries[]> {
  if (grid.steps === 0) return [];
  let block = yield* collect(evaluation, evaluation.vector(root, grid), grid.steps);
  if (block.dropName.includes(true) && evaluation.options.delayedNameRemoval) {
    block = block.writable();
    const { dropName } = block;
    let row = 0;
    renameRows(block.labels, (labels) => (dropName[row++] ? withoutMetadata(labels) : labels));
  }
  block = mergeDuplicates(block);
  refuseTooMany(evaluation, block.rows);
  const series = seriesOf(block);
  // An instant query keeps the order of its evaluation, which the sort functions have made.
  if (evaluation.times.startMs !== evaluation.times.endMs) series.sort((a, b) => compareLabels(a.labels, b.labels));
  return series;
}

function seriesOf(block: Block): ResultSeries[] {
  const { steps } = block;
  const series: ResultSeries[] = [];
  for (let row = 0; row < block.rows; row++) {
    const cell = row * steps;
    const histograms: (FloatHistogram | undefined)[] = [];
    if (block.histograms !== undefined) {
      for (let step = 0; step < steps; step++) {
        const histogram = block.histogramAt(cell + step);
        if (histogram !== undefined) histograms[step] = histogram;
      }
    }
    series.push({
      labels: block.labels[row],
      values: block.values.subarray(cell, cell + steps),
      present: block.present.subarray(cell, cell + steps),
      ...(histograms.length > 0 ? { histograms } : {}),
    });
  }
  return series;
}

/** The samples of a range vector as they are, for an instant query. */
function* rawSeries(evaluation: Evaluation, root: PlanNode, grid: Grid): Paused<RawSeries[]> {
  const windows = yield* windowsOf(evaluation, root, grid);
  const result: RawSeries[] = [];
  for (const series of windows.series) {
    const samples = rawSamples(series, windows, evaluation.options.lookbackMs);
    const count = samples.timestamps.length;
    if (count === 0) continue;
    evaluation.touch(count);
    evaluation.hold(count);
    const labels = series.dropName ? withoutMetadata(series.labels) : series.labels;
    result.push({ labels, ...samples });
    if (evaluation.work(count)) yield undefined;
  }
  refuseTooMany(evaluation, result.length);
  return result.sort((a, b) => compareLabels(a.labels, b.labels));
}

function refuseTooMany({ options }: Evaluation, series: number): void {
  const { maxSeries } = options.limits;
  if (series > maxSeries) {
    throw new PromqlLimitError('series', `the query returns ${series} series; the limit is ${maxSeries}`);
  }
}
