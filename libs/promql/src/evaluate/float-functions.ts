import type { CallNode, PlanNode } from '../plan/nodes.js';
import { ABSENT, Block, FLOAT, HISTOGRAM } from './block.js';
import { dropNames } from './duplicates.js';
import { type BlockStream, type Evaluation, type Grid, namesDiffer, timeOf } from './evaluation.js';
import { maxOf, minOf } from './numbers.js';
import { histogramVariance } from '../histogram/estimate.js';
import type { FloatHistogram } from '../histogram/float-histogram.js';
import { Labels } from '../model/labels.js';
import * as calendar from './calendar.js';

/** Functions of one float. Histograms have no result. */
export const floatFunctions: ReadonlyMap<string, (value: number) => number> = new Map<
  string,
  (value: number) => number
>([
  ['abs', Math.abs],
  ['ceil', Math.ceil],
  ['floor', Math.floor],
  ['exp', Math.exp],
  ['sqrt', Math.sqrt],
  ['ln', Math.log],
  ['log2', Math.log2],
  ['log10', Math.log10],
  ['sin', Math.sin],
  ['cos', Math.cos],
  ['tan', Math.tan],
  ['asin', Math.asin],
  ['acos', Math.acos],
  ['atan', Math.atan],
  ['sinh', Math.sinh],
  ['cosh', Math.cosh],
  ['tanh', Math.tanh],
  ['asinh', Math.asinh],
  ['acosh', Math.acosh],
  ['atanh', Math.atanh],
  ['rad', (value) => (value * Math.PI) / 180],
  ['deg', (value) => (value * 180) / Math.PI],
  ['sgn', (value) => (value < 0 ? -1 : value > 0 ? 1 : value)],
]);

/** Functions of a time in seconds since 1970, UTC. */
export const timeFunctions: ReadonlyMap<string, (seconds: number) => number> = new Map<
  string,
  (seconds: number) => number
>([
  ['minute', calendar.minute],
  ['hour', calendar.hour],
  ['day_of_week', calendar.dayOfWeek],
  ['day_of_month', calendar.dayOfMonth],
  ['day_of_year', calendar.dayOfYear],
  ['days_in_month', calendar.daysInMonth],
  ['month', calendar.month],
  ['year', calendar.year],
]);

/** Functions of one histogram. Floats have no result. */
const histogramFunctions: ReadonlyMap<string, (histogram: FloatHistogram) => number> = new Map<
  string,
  (histogram: FloatHistogram) => number
>([
  ['histogram_count', ({ count }) => count],
  ['histogram_sum', ({ sum }) => sum],
  ['histogram_avg', ({ sum, count }) => sum / count],
  ['histogram_stddev', (histogram) => Math.sqrt(histogramVariance(histogram))],
  ['histogram_stdvar', histogramVariance],
]);

/** The stream of a function that maps samples one by one; undefined if the function is none of these. */
export function elementwiseStream(evaluation: Evaluation, node: CallNode, grid: Grid): BlockStream | undefined {
  const { func, args } = node;
  const time = timeFunctions.get(func);
  if (time !== undefined && args.length === 0) return timeOfSteps(grid, time);
  const floats = floatFunctions.get(func) ?? time;
  if (floats !== undefined) return mapped(evaluation, args[0], grid, mapFloats(floats));
  const histograms = histogramFunctions.get(func);
  if (histograms !== undefined) return mapped(evaluation, args[0], grid, mapHistograms(histograms));
  switch (func) {
    case 'round':
      return roundStream(evaluation, node, grid);
    case 'clamp':
    case 'clamp_min':
    case 'clamp_max':
      return clampStream(evaluation, node, grid);
    default:
      return undefined;
  }
}

function mapped(evaluation: Evaluation, arg: PlanNode, grid: Grid, change: (block: Block) => Block): BlockStream {
  const stream = changed(evaluation.vector(arg, grid), change);
  return dropNames(evaluation, stream, grid.steps, namesDiffer(arg));
}

export function* changed(stream: BlockStream, change: (block: Block) => Block): BlockStream {
  for (const block of stream) {
    const next = block === undefined ? undefined : change(block.writable());
    if (next === undefined || next.rows > 0) yield next;
  }
}

function mapFloats(change: (value: number) => number): (block: Block) => Block {
  return (block) => {
    const { values, present } = block;
    const cells = block.cells;
    for (let cell = 0; cell < cells; cell++) {
      if (present[cell] === FLOAT) values[cell] = change(values[cell]);
    }
    return withoutHistograms(block);
  };
}

function mapHistograms(change: (histogram: FloatHistogram) => number): (block: Block) => Block {
  return (block) => {
    const { values, present } = block;
    const cells = block.cells;
    for (let cell = 0; cell < cells; cell++) {
      const histogram = block.histogramAt(cell);
      if (histogram === undefined) {
        present[cell] = ABSENT;
      } else {
        values[cell] = change(histogram);
        present[cell] = FLOAT;
      }
    }
    block.histograms = undefined;
    return withoutEmptyRows(block);
  };
}

/** The block's floats alone. */
export function withoutHistograms(block: Block): Block {
  if (block.histograms === undefined) return block;
  for (let cell = 0; cell < block.cells; cell++) if (block.present[cell] === HISTOGRAM) block.present[cell] = ABSENT;
  block.histograms = undefined;
  return withoutEmptyRows(block);
}

/** Rows with a sample at any step; a series without one is none. */
export function withoutEmptyRows(block: Block): Block {
  const { steps } = block;
  let kept: Block | undefined;
  for (let row = 0; row < block.rows; row++) {
    let cell = row * steps;
    const end = cell + steps;
    while (cell < end && block.present[cell] === ABSENT) cell++;
    if (cell < end) {
      kept?.append(block, row, block.labels[row], block.dropName[row]);
    } else if (kept === undefined) {
      kept = new Block(steps, block.rows - 1);
      for (let before = 0; before < row; before++) {
        kept.append(block, before, block.labels[before], block.dropName[before]);
      }
    }
  }
  return kept ?? block;
}

function* timeOfSteps(grid: Grid, change: (seconds: number) => number): BlockStream {
  const block = new Block(grid.steps, 1);
  for (let step = 0; step < grid.steps; step++) block.values[step] = change(Math.trunc(timeOf(grid, step) / 1000));
  block.present.fill(FLOAT);
  block.commit(Labels.empty, false);
  yield block;
}

/** To the nearest multiple, halves up. */
function* roundStream(evaluation: Evaluation, { args }: CallNode, grid: Grid): BlockStream {
  const nearest = args.length > 1 ? yield* evaluation.scalar(args[1], grid) : undefined;
  yield* mapped(evaluation, args[0], grid, (block) => {
    const { values, present, steps } = block;
    for (let cell = 0; cell < block.cells; cell++) {
      if (present[cell] !== FLOAT) continue;
      // Multiplying by the inverse loses less than dividing.
      const inverse = 1 / (nearest === undefined ? 1 : nearest[cell % steps]);
      values[cell] = Math.floor(values[cell] * inverse + 0.5) / inverse;
    }
    return withoutHistograms(block);
  });
}

/** Nothing at steps where the bounds contradict each other. */
function* clampStream(evaluation: Evaluation, { func, args }: CallNode, grid: Grid): BlockStream {
  const first = yield* evaluation.scalar(args[1], grid);
  const second = args.length > 2 ? yield* evaluation.scalar(args[2], grid) : undefined;
  const lower = func === 'clamp_max' ? undefined : first;
  const upper = func === 'clamp_max' ? first : second;
  yield* mapped(evaluation, args[0], grid, (block) => {
    const { values, present, steps } = block;
    let emptied = false;
    for (let cell = 0; cell < block.cells; cell++) {
      if (present[cell] !== FLOAT) continue;
      const min = lower === undefined ? -Infinity : lower[cell % steps];
      const max = upper === undefined ? Infinity : upper[cell % steps];
      if (max < min) {
        present[cell] = ABSENT;
        emptied = true;
      } else {
        values[cell] = maxOf(min, minOf(max, values[cell]));
      }
    }
    const floats = withoutHistograms(block);
    return emptied ? withoutEmptyRows(floats) : floats;
  });
}
