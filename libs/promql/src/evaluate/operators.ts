import { Labels } from '../model/labels.js';
import type { CallNode, PlanNode } from '../plan/nodes.js';
import { absentStream } from './absent.js';
import { aggregateStream } from './aggregate.js';
import { negateStream, scalarPair, vectorScalarStream } from './binary-scalar.js';
import { vectorPairStream } from './binary-vector.js';
import { ABSENT, Block, FLOAT } from './block.js';
import { collect, dropNames } from './duplicates.js';
import { isSetOperator } from './element.js';
import {
  type BlockStream,
  type Evaluation,
  firstStep,
  type Grid,
  namesDiffer,
  type Operators,
  type Paused,
  timeOf,
} from './evaluation.js';
import { elementwiseStream } from './float-functions.js';
import { histogramCallStream } from './histogram-functions.js';
import { infoStream } from './info.js';
import { relabelStream } from './label-functions.js';
import { maxOf, minOf } from './numbers.js';
import { selectStream } from './select.js';
import { setOperatorStream } from './set-operators.js';
import { sortStream } from './sort.js';
import { windowCallStream } from './window.js';

/** Evaluates plan nodes: an instant vector as a stream of blocks, a scalar as a column. */
export const operators: Operators = { vector: vectorStream, scalar: scalarColumn };

function* vectorStream(evaluation: Evaluation, node: PlanNode, grid: Grid): BlockStream {
  if (node.invariant && grid.steps > 1) {
    for (const block of vectorStream(evaluation, node, firstStep(grid))) {
      yield block === undefined ? undefined : repeated(block, grid.steps);
    }
    return;
  }
  if (!evaluation.isShared(node)) {
    yield* operatorStream(evaluation, node, grid);
    return;
  }
  const key = `${node.id}@${grid.startMs}+${grid.stepMs}*${grid.steps}`;
  let block = evaluation.shared.get(key);
  if (block === undefined) {
    block = yield* collect(evaluation, operatorStream(evaluation, node, grid), grid.steps);
    block.frozen = true;
    evaluation.shared.set(key, block);
  }
  if (block.rows > 0) yield block;
}

/** The same value at every step. */
function repeated(block: Block, steps: number): Block {
  const result = new Block(steps, block.rows);
  for (let row = 0; row < block.rows; row++) {
    const cell = result.reserve();
    const histogram = block.histogramAt(row);
    if (histogram === undefined) {
      result.values.fill(block.values[row], cell, cell + steps);
      result.present.fill(block.present[row], cell, cell + steps);
    } else {
      for (let step = 0; step < steps; step++) result.setHistogram(cell + step, histogram);
    }
    result.commit(block.labels[row], block.dropName[row]);
  }
  return result;
}

function operatorStream(evaluation: Evaluation, node: PlanNode, grid: Grid): BlockStream {
  switch (node.kind) {
    case 'select':
      return selectStream(evaluation, node, grid);
    case 'negate':
      return negateStream(evaluation, node.expr, grid);
    case 'call':
      return callStream(evaluation, node, grid);
    case 'aggregate':
      return aggregateStream(evaluation, node, grid);
    case 'binary':
      if (node.left.type !== 'vector' || node.right.type !== 'vector') {
        return vectorScalarStream(evaluation, node, grid);
      }
      if (isSetOperator(node.operator)) return setOperatorStream(evaluation, node, grid);
      return vectorPairStream(evaluation, node, grid);
    default:
      throw new TypeError(`a ${node.kind} is not an instant vector`);
  }
}

function callStream(evaluation: Evaluation, node: CallNode, grid: Grid): BlockStream {
  const { func, args } = node;
  switch (func) {
    case 'absent':
    case 'absent_over_time':
      return absentStream(evaluation, node, grid);
    case 'vector':
      return ofScalar(evaluation, args[0], grid);
    case 'timestamp':
      return timestamps(evaluation, args[0], grid);
    case 'label_replace':
    case 'label_join':
      return relabelStream(evaluation, node, grid);
    case 'sort':
    case 'sort_desc':
    case 'sort_by_label':
    case 'sort_by_label_desc':
      return sortStream(evaluation, node, grid);
    case 'histogram_quantile':
    case 'histogram_quantiles':
    case 'histogram_fraction':
      return histogramCallStream(evaluation, node, grid);
    case 'info':
      return infoStream(evaluation, node, grid);
    default:
      if (args.some(({ type }) => type === 'matrix')) return windowCallStream(evaluation, node, grid);
      return elementwiseStream(evaluation, node, grid) ?? unknown(func);
  }
}

function unknown(func: string): never {
  throw new TypeError(`unknown function ${func}`);
}

function* ofScalar(evaluation: Evaluation, arg: PlanNode, grid: Grid): BlockStream {
  const block = new Block(grid.steps, 1);
  block.values.set(yield* evaluation.scalar(arg, grid));
  block.present.fill(FLOAT);
  block.commit(Labels.empty, false);
  yield block;
}

/** When the samples were taken for a selector; of anything computed, the time of the step. */
function* timestamps(evaluation: Evaluation, arg: PlanNode, grid: Grid): BlockStream {
  if (arg.kind === 'select') {
    yield* dropNames(evaluation, selectStream(evaluation, arg, grid, 'timestamps'), grid.steps, namesDiffer(arg));
    return;
  }
  const stream = function* (): BlockStream {
    for (const given of evaluation.vector(arg, grid)) {
      const block = given?.writable();
      if (block !== undefined) {
        block.histograms = undefined;
        for (let cell = 0; cell < block.cells; cell++) {
          if (block.present[cell] === ABSENT) continue;
          block.values[cell] = timeOf(grid, cell % grid.steps) / 1000;
          block.present[cell] = FLOAT;
        }
      }
      yield block;
    }
  };
  yield* dropNames(evaluation, stream(), grid.steps, namesDiffer(arg));
}

function* scalarColumn(evaluation: Evaluation, node: PlanNode, grid: Grid): Paused<Float64Array> {
  if (node.invariant && grid.steps > 1) {
    const [value] = yield* scalarColumn(evaluation, node, firstStep(grid));
    return new Float64Array(grid.steps).fill(value);
  }
  switch (node.kind) {
    case 'number':
      return new Float64Array(grid.steps).fill(node.value);
    case 'negate': {
      const column = yield* scalarColumn(evaluation, node.expr, grid);
      return column.map((value) => -value);
    }
    case 'binary': {
      const left = yield* scalarColumn(evaluation, node.left, grid);
      const right = yield* scalarColumn(evaluation, node.right, grid);
      return scalarPair(node.operator, left, right);
    }
    case 'call':
      return yield* scalarCall(evaluation, node, grid);
    default:
      throw new TypeError(`a ${node.kind} is not a scalar`);
  }
}

function* scalarCall(evaluation: Evaluation, { func, args }: CallNode, grid: Grid): Paused<Float64Array> {
  const constant = (value: number): Float64Array => new Float64Array(grid.steps).fill(value);
  const { times } = evaluation;
  switch (func) {
    case 'time':
      return Float64Array.from({ length: grid.steps }, (_, step) => timeOf(grid, step) / 1000);
    case 'pi':
      return constant(Math.PI);
    case 'start':
      return constant(times.startMs / 1000);
    case 'end':
      return constant(times.endMs / 1000);
    case 'step':
      return constant(times.stepMs / 1000);
    case 'range':
      return constant((times.endMs - times.startMs) / 1000);
    case 'scalar':
      return yield* onlyFloat(evaluation, args[0], grid);
    case 'max_of':
    case 'min_of': {
      const left = yield* scalarColumn(evaluation, args[0], grid);
      const right = yield* scalarColumn(evaluation, args[1], grid);
      const choose = func === 'max_of' ? maxOf : minOf;
      return left.map((value, step) => choose(value, right[step]));
    }
    default:
      return unknown(func);
  }
}

/** The value of the one float that is there; NaN where there is none or more than one. */
function* onlyFloat(evaluation: Evaluation, arg: PlanNode, grid: Grid): Paused<Float64Array> {
  const values = new Float64Array(grid.steps).fill(NaN);
  const found = new Uint8Array(grid.steps);
  for (const block of evaluation.vector(arg, grid)) {
    if (block === undefined) {
      yield undefined;
      continue;
    }
    for (let cell = 0; cell < block.cells; cell++) {
      if (block.present[cell] !== FLOAT) continue;
      const step = cell % grid.steps;
      values[step] = found[step] === 0 ? block.values[cell] : NaN;
      found[step] = 1;
    }
  }
  return values;
}
