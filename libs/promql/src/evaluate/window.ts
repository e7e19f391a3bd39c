import type { TextRange } from '@opsroom/contracts';
import { PromqlExecutionError } from '../errors.js';
import type { FloatHistogram } from '../histogram/float-histogram.js';
import { withHint } from '../histogram/layout.js';
import type { Labels } from '../model/labels.js';
import { resolvePositiveDuration } from '../plan/durations.js';
import type { CallNode, PlanNode, SubqueryNode, WindowNode } from '../plan/nodes.js';
import { type Annotation, annotate } from './annotations.js';
import { ABSENT, Block, blockRows, FLOAT } from './block.js';
import { collect, DUPLICATE_LABELS } from './duplicates.js';
import { type BlockStream, type Evaluation, type Grid, namesDiffer, type Paused, timeOf } from './evaluation.js';
import { type HistogramColumn, type WindowSeries, windowSeries } from './float-series.js';
import type { QueryOptions } from './options.js';
import { firstAfter } from './kernels/extended.js';
import { withoutMetadata } from './metadata-labels.js';
import { extendedFloatRate, type WindowFunction, windowFunctions } from './window-functions.js';

/** The windows of a range vector: at each step (end - rangeMs, end], with end at the step's time or pinned by `@`, less the offset. */
export interface Windows {
  readonly rangeMs: number;
  readonly firstEndMs: number;
  /** 0 where all steps share one window. */
  readonly stepMs: number;
  readonly extended: 'anchored' | 'smoothed' | undefined;
  readonly series: Iterable<WindowSeries>;
  /** Samples that are held for it, to be let go in the end. */
  readonly held: number;
}

/** Functions that can use samples from outside of their window. */
const EXTENDED_FUNCTIONS: Readonly<Record<'anchored' | 'smoothed', readonly string[]>> = {
  anchored: ['changes', 'delta', 'increase', 'rate', 'resets'],
  smoothed: ['delta', 'increase', 'rate'],
};

export function* windowsOf(evaluation: Evaluation, node: PlanNode, grid: Grid): Paused<Windows> {
  if (node.kind === 'window') return selectorWindows(evaluation, node, grid);
  if (node.kind === 'subquery') return yield* subqueryWindows(evaluation, node, grid);
  throw new TypeError(`a ${node.kind} is not a range vector`);
}

function selectorWindows(evaluation: Evaluation, node: WindowNode, grid: Grid): Windows {
  const { select } = node;
  const rangeMs = resolvePositiveDuration(node.window, evaluation.times);
  const offsetMs = evaluation.offsetMs(select.shift);
  const pinMs = evaluation.pinMs(select.shift);
  const { lookbackMs } = evaluation.options;
  const firstEndMs = (pinMs ?? grid.startMs) - offsetMs;
  const lastEndMs = (pinMs ?? timeOf(grid, grid.steps - 1)) - offsetMs;
  const before = select.extended === undefined ? 0 : lookbackMs;
  const after = select.extended === 'smoothed' ? lookbackMs : 0;
  const selected = evaluation.queryable.select(select.matchers, firstEndMs - rangeMs - before + 1, lastEndMs + after);
  return {
    rangeMs,
    firstEndMs,
    stepMs: pinMs === undefined ? grid.stepMs : 0,
    extended: select.extended,
    series: mapped(selected, (series) => windowSeries(series)),
    held: 0,
  };
}

function* mapped<T, U>(items: Iterable<T>, change: (item: T) => U): Iterable<U> {
  for (const item of items) yield change(item);
}

/** Steps of a subquery are multiples of its step, from the first one within the first window on. */
function* subqueryWindows(evaluation: Evaluation, node: SubqueryNode, grid: Grid): Paused<Windows> {
  const rangeMs = resolvePositiveDuration(node.window, evaluation.times);
  const stepMs =
    node.step === undefined
      ? evaluation.options.defaultSubqueryStepMs
      : resolvePositiveDuration(node.step, evaluation.times);
  const offsetMs = evaluation.offsetMs(node.shift);
  const pinMs = evaluation.pinMs(node.shift);
  const firstEndMs = (pinMs ?? grid.startMs) - offsetMs;
  const lastEndMs = (pinMs ?? timeOf(grid, grid.steps - 1)) - offsetMs;
  const startMs = Math.floor((firstEndMs - rangeMs) / stepMs) * stepMs + stepMs;
  const steps = Math.max(0, Math.floor((lastEndMs - startMs) / stepMs) + 1);
  const inner: Grid = { startMs, stepMs, steps };
  const windows = { rangeMs, firstEndMs, stepMs: pinMs === undefined ? grid.stepMs : 0, extended: undefined };
  if (steps === 0) return { ...windows, series: [], held: 0 };
  if (node.expr.type === 'scalar') {
    const values = yield* evaluation.scalar(node.expr, inner);
    const block = new Block(steps, 1);
    block.values.set(values);
    block.present.fill(FLOAT);
    return { ...windows, series: seriesOf(block, inner), held: 0 };
  }
  const block = yield* collect(evaluation, evaluation.vector(node.expr, inner), steps);
  return { ...windows, series: seriesOf(block, inner), held: block.cells };
}

/** The rows of a block as series of samples. Hints of resets go: between the steps there may have been other samples. */
function* seriesOf(block: Block, grid: Grid): Iterable<WindowSeries> {
  const times = Float64Array.from({ length: grid.steps }, (_, step) => timeOf(grid, step));
  for (let row = 0; row < block.rows; row++) {
    const cell = row * block.steps;
    const present = block.present.subarray(cell, cell + block.steps);
    const labels = block.labels[row];
    const dropName = block.dropName[row];
    if (block.histograms === undefined && !present.includes(ABSENT)) {
      const values = block.values.subarray(cell, cell + block.steps);
      yield { labels, dropName, timestamps: times, values, from: 0, to: block.steps, histograms: undefined };
      continue;
    }
    const timestamps = new Float64Array(block.steps);
    const values = new Float64Array(block.steps);
    const histogramTimes: number[] = [];
    const histograms: FloatHistogram[] = [];
    let count = 0;
    for (let step = 0; step < block.steps; step++) {
      if (present[step] === ABSENT) continue;
      const histogram = block.histogramAt(cell + step);
      if (histogram === undefined) {
        timestamps[count] = times[step];
        values[count++] = block.values[cell + step];
      } else {
        histogramTimes.push(times[step]);
        histograms.push(histogram.counterResetHint === 'gauge' ? histogram : withHint(histogram, 'unknown'));
      }
    }
    yield {
      labels,
      dropName,
      timestamps,
      values,
      from: 0,
      to: count,
      histograms: histograms.length === 0 ? undefined : { timestamps: histogramTimes, values: histograms },
    };
  }
}

/** A call of a function of a range vector. Each series is walked through once; the windows of all steps slide along it. */
export function* windowCallStream(evaluation: Evaluation, node: CallNode, grid: Grid): BlockStream {
  const func = windowFunctions.get(node.func);
  if (func === undefined) throw new TypeError(`${node.func} is not a function of a range vector`);
  const arg = node.args.find(({ type }) => type === 'matrix');
  if (arg === undefined) throw new TypeError(`${node.func} has no range vector`);
  const parameters: Float64Array[] = [];
  for (const other of node.args) {
    if (other.type === 'scalar') parameters.push(yield* evaluation.scalar(other, grid));
  }
  checkParameters(node, parameters);
  const windows = yield* windowsOf(evaluation, arg, grid);
  const { extended } = windows;
  if (extended !== undefined && !EXTENDED_FUNCTIONS[extended].includes(node.func)) {
    throw new PromqlExecutionError(
      `${extended} modifier can only be used with: ${EXTENDED_FUNCTIONS[extended].join(', ')} - not with ${node.func}`,
    );
  }
  const dropped = func.keepsName !== true;
  const delayed = evaluation.options.delayedNameRemoval;
  const seen = !delayed && dropped && namesDiffer(arg) ? new Set<string>() : undefined;
  const rows = blockRows(grid.steps);
  const call: WindowCall = { evaluation, node, arg, func, windows, grid, parameters };
  let block = new Block(grid.steps, Math.min(rows, 64));
  for (const series of windows.series) {
    const cell = block.reserve();
    const found = fillWindowRow(call, series, block, cell);
    if (found) {
      const labels = !delayed && (dropped || series.dropName) ? withoutMetadata(series.labels) : series.labels;
      if (seen !== undefined) {
        if (seen.has(labels.key)) throw new PromqlExecutionError(DUPLICATE_LABELS);
        seen.add(labels.key);
      }
      block.commit(labels, dropped || series.dropName);
      if (node.func === 'rate' || node.func === 'increase') noteNonCounter(call, series, block, cell);
    }
    if (block.rows === rows) {
      yield block;
      block = new Block(grid.steps, rows);
    }
    if (evaluation.work(grid.steps)) yield undefined;
  }
  evaluation.hold(-windows.held);
  if (block.rows > 0) yield block;
}

function checkParameters(node: CallNode, parameters: readonly Float64Array[]): void {
  if (node.func !== 'double_exponential_smoothing') return;
  const check = (name: string, column: Float64Array): void => {
    for (const value of column) {
      if (value <= 0 || value >= 1) {
        const letters = name === 'smoothing' ? 'sf' : 'tf';
        throw new PromqlExecutionError(
          `invalid ${name} factor. Expected: 0 < ${letters} < 1, got: ${value.toFixed(6)}`,
        );
      }
    }
  };
  check('smoothing', parameters[0]);
  check('trend', parameters[1]);
}

interface WindowCall {
  readonly evaluation: Evaluation;
  readonly node: CallNode;
  readonly arg: PlanNode;
  readonly func: WindowFunction;
  readonly windows: Windows;
  readonly grid: Grid;
  readonly parameters: readonly Float64Array[];
}

/** Fills a row that is absent throughout; true if any step has a result. */
function fillWindowRow(call: WindowCall, series: WindowSeries, block: Block, cell: number): boolean {
  if (series.histograms !== undefined) return fillMixedRow(call, series, series.histograms, block, cell);
  if (call.windows.extended !== undefined) return fillExtendedRow(call, series, block, cell);
  const { evaluation, func, windows, grid, parameters } = call;
  const { timestamps, values, to: end } = series;
  const { rangeMs, firstEndMs, stepMs } = windows;
  const { minFloats } = func;
  const a = parameters.length > 0 ? parameters[0] : undefined;
  const b = parameters.length > 1 ? parameters[1] : undefined;
  const kernel =
    func.monotonicKernel !== undefined && neverFalls(values, series.from, end) ? func.monotonicKernel : func.kernel;
  let from = series.from;
  let to = series.from;
  let touched = 0;
  let any = false;
  for (let step = 0; step < grid.steps; step++) {
    const endMs = firstEndMs + step * stepMs;
    const startMs = endMs - rangeMs;
    while (to < end && timestamps[to] <= endMs) to++;
    while (from < to && timestamps[from] <= startMs) from++;
    const count = to - from;
    if (count === 0) continue;
    touched += count;
    if (count < minFloats) continue;
    any = true;
    block.values[cell + step] = kernel(
      timestamps,
      values,
      from,
      to,
      startMs,
      endMs,
      grid.startMs + step * grid.stepMs,
      a === undefined ? 0 : a[step],
      b === undefined ? 0 : b[step],
    );
    block.present[cell + step] = FLOAT;
    if (a !== undefined && call.node.func === 'quantile_over_time') noteQuantile(call, a[step]);
  }
  evaluation.touch(touched);
  return any;
}

function neverFalls(values: Float64Array, from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++) if (values[i] < values[i - 1]) return false;
  return true;
}

/** rate, increase and delta of an extended selector; changes and resets count from the sample that anchors the window. */
function fillExtendedRow(call: WindowCall, series: WindowSeries, block: Block, cell: number): boolean {
  const { evaluation, func, windows, grid, node } = call;
  const { timestamps, values } = series;
  const { rangeMs, firstEndMs, stepMs } = windows;
  const { lookbackMs } = evaluation.options;
  const smoothed = windows.extended === 'smoothed';
  const counting = node.func === 'changes' || node.func === 'resets';
  const rate = extendedFloatRate(node.func, smoothed);
  let any = false;
  for (let step = 0; step < grid.steps; step++) {
    const endMs = firstEndMs + step * stepMs;
    const startMs = endMs - rangeMs;
    const from = firstAfter(timestamps, series.from, series.to, startMs - lookbackMs, false);
    const to = firstAfter(timestamps, from, series.to, smoothed ? endMs + lookbackMs : endMs, false);
    if (to === from) continue;
    evaluation.touch(to - from);
    let value: number | undefined;
    if (!counting) {
      value = rate(timestamps, values, from, to, startMs, endMs);
    } else if (timestamps[to - 1] > startMs) {
      const anchor = Math.max(from, firstAfter(timestamps, from, to, startMs, false) - 1);
      value = func.kernel(timestamps, values, anchor, to, startMs, endMs, timeOf(grid, step), 0, 0);
    }
    if (value === undefined) continue;
    block.values[cell + step] = value;
    block.present[cell + step] = FLOAT;
    any = true;
  }
  return any;
}

function fillMixedRow(
  call: WindowCall,
  series: WindowSeries,
  column: HistogramColumn,
  block: Block,
  cell: number,
): boolean {
  const { evaluation, func, windows, grid, parameters, arg, node } = call;
  const { timestamps, values } = series;
  const { rangeMs, firstEndMs, stepMs, extended } = windows;
  const before = extended === undefined ? 0 : evaluation.options.lookbackMs;
  const after = extended === 'smoothed' ? evaluation.options.lookbackMs : 0;
  const first = node.args[0].range;
  const last = node.args[node.args.length - 1].range;
  const voice = {
    annotations: evaluation.annotations,
    name: series.labels.metricName,
    range: node.func === 'quantile_over_time' ? first : arg.range,
  };
  let from = series.from;
  let to = series.from;
  let histogramFrom = 0;
  let histogramTo = 0;
  let any = false;
  for (let step = 0; step < grid.steps; step++) {
    const endMs = firstEndMs + step * stepMs;
    const startMs = endMs - rangeMs;
    while (to < series.to && timestamps[to] <= endMs + after) to++;
    while (from < to && timestamps[from] <= startMs - before) from++;
    while (histogramTo < column.timestamps.length && column.timestamps[histogramTo] <= endMs + after) histogramTo++;
    while (histogramFrom < histogramTo && column.timestamps[histogramFrom] <= startMs - before) histogramFrom++;
    const floats = to - from;
    if (floats + histogramTo - histogramFrom === 0) continue;
    evaluation.touch(floats + histogramTo - histogramFrom);
    const a = parameters.length > 0 ? parameters[0][step] : 0;
    const b = parameters.length > 1 ? parameters[1][step] : 0;
    const evaluationMs = timeOf(grid, step);
    let result: number | FloatHistogram | undefined;
    if (histogramTo === histogramFrom && extended === undefined) {
      if (floats < func.minFloats) continue;
      result = func.kernel(timestamps, values, from, to, startMs, endMs, evaluationMs, a, b);
    } else if (histogramTo === histogramFrom && node.func !== 'changes' && node.func !== 'resets') {
      result = extendedFloatRate(node.func, extended === 'smoothed')(timestamps, values, from, to, startMs, endMs);
    } else {
      result = func.mixed({
        timestamps,
        values,
        from,
        to,
        histograms: { timestamps: column.timestamps, values: column.values, from: histogramFrom, to: histogramTo },
        startMs,
        endMs,
        evaluationMs,
        a,
        b,
        extended,
        voice,
        callRange: { start: first.start, end: last.end },
      });
    }
    if (result === undefined) continue;
    any = true;
    if (typeof result === 'number') {
      block.values[cell + step] = result;
      block.present[cell + step] = FLOAT;
      if (node.func === 'quantile_over_time') noteQuantile(call, a);
    } else {
      block.setHistogram(cell + step, result);
    }
  }
  return any;
}

function noteQuantile({ evaluation, node }: WindowCall, quantile: number): void {
  if (quantile >= 0 && quantile <= 1) return;
  evaluation.annotations.add(annotate.invalidQuantile(quantile, node.args[0].range));
}

function noteNonCounter({ evaluation, arg }: WindowCall, series: WindowSeries, block: Block, cell: number): void {
  if (!hasFloat(block, cell)) return;
  const annotation = nonCounter(evaluation.options, series.labels, arg.range);
  if (annotation !== undefined) evaluation.annotations.add(annotation);
}

/** What rate and increase have to say about a series of floats. Counters are told by their names, or by their type where that is a label. */
export function nonCounter(
  options: Pick<QueryOptions, 'typeAndUnitLabels'>,
  labels: Labels,
  range: TextRange,
): Annotation | undefined {
  const name = labels.metricName;
  if (name === '') return undefined;
  if (options.typeAndUnitLabels === true) {
    const type = labels.get('__type__');
    if (type === 'counter' || type === 'histogram') return undefined;
    return annotate.possibleNonCounterType(name, type, range);
  }
  return /_(total|sum|count|bucket)$/.test(name) ? undefined : annotate.possibleNonCounter(name, range);
}

function hasFloat(block: Block, cell: number): boolean {
  return block.present.subarray(cell, cell + block.steps).includes(FLOAT);
}

/** Where no series has a sample in the window. */
export function* absentOverTime(evaluation: Evaluation, arg: PlanNode, grid: Grid): Paused<Uint8Array> {
  const windows = yield* windowsOf(evaluation, arg, grid);
  if (windows.extended !== undefined) {
    const names = EXTENDED_FUNCTIONS[windows.extended].join(', ');
    throw new PromqlExecutionError(
      `${windows.extended} modifier can only be used with: ${names} - not with absent_over_time`,
    );
  }
  const found = new Uint8Array(grid.steps);
  for (const { timestamps, from, to, histograms } of windows.series) {
    markWindows(windows, timestamps, from, to, found);
    if (histograms !== undefined) markWindows(windows, histograms.timestamps, 0, histograms.timestamps.length, found);
    if (evaluation.work(grid.steps)) yield undefined;
  }
  evaluation.hold(-windows.held);
  return found;
}

function markWindows(
  { rangeMs, firstEndMs, stepMs }: Windows,
  timestamps: ArrayLike<number>,
  first: number,
  end: number,
  found: Uint8Array,
): void {
  let next = first;
  for (let step = 0; step < found.length; step++) {
    const endMs = firstEndMs + step * stepMs;
    while (next < end && timestamps[next] <= endMs) next++;
    if (next > first && timestamps[next - 1] > endMs - rangeMs) found[step] = 1;
  }
}
