import type { BinaryOperator } from '../syntax/ast.js';
import type { BinaryNode, PlanNode } from '../plan/nodes.js';
import { ABSENT, type Block, FLOAT } from './block.js';
import { dropNames } from './duplicates.js';
import { arithmetic, changesMeaning, comparison, isComparison, mixedOperation } from './element.js';
import { type BlockStream, type Evaluation, type Grid, namesDiffer } from './evaluation.js';
import { changed, withoutEmptyRows } from './float-functions.js';

/** An operator between a vector and a scalar, whichever stands where. */
export function* vectorScalarStream(evaluation: Evaluation, node: BinaryNode, grid: Grid): BlockStream {
  const swapped = node.left.type === 'scalar';
  const scalar = yield* evaluation.scalar(swapped ? node.left : node.right, grid);
  const vector = swapped ? node.right : node.left;
  const apply = operation(evaluation, node, scalar, swapped);
  const stream = changed(evaluation.vector(vector, grid), apply);
  if (changesMeaning(node.operator) || node.returnBool) {
    yield* dropNames(evaluation, stream, grid.steps, namesDiffer(vector));
  } else {
    yield* stream;
  }
}

function operation(
  evaluation: Evaluation,
  node: BinaryNode,
  scalar: Float64Array,
  swapped: boolean,
): (block: Block) => Block {
  const { operator } = node;
  if (operator === '</' || operator === '>/') {
    const refused = mixedOperation(operator, 0, 0, node.range).annotations;
    return (block) =>
      mixed(evaluation, node, block, scalar, swapped, () => {
        for (const annotation of refused) evaluation.annotations.add(annotation);
        return ABSENT;
      });
  }
  if (isComparison(operator)) {
    const holds = comparison(operator);
    return (block) =>
      mixed(evaluation, node, block, scalar, swapped, (values, cell, other) => {
        const kept = swapped ? holds(other, values[cell]) : holds(values[cell], other);
        if (!node.returnBool) return kept ? FLOAT : ABSENT;
        values[cell] = kept ? 1 : 0;
        return FLOAT;
      });
  }
  const compute = arithmetic(operator);
  return (block) =>
    mixed(evaluation, node, block, scalar, swapped, (values, cell, other) => {
      values[cell] = swapped ? compute(other, values[cell]) : compute(values[cell], other);
      return FLOAT;
    });
}

/** Applies `floats` to each float, which gives the cell's kind from then on, and the operator's own rules to histograms. */
function mixed(
  evaluation: Evaluation,
  node: BinaryNode,
  block: Block,
  scalar: Float64Array,
  swapped: boolean,
  floats: (values: Float64Array, cell: number, other: number) => number,
): Block {
  const { values, present, steps } = block;
  const cells = block.cells;
  let emptied = block.histograms !== undefined;
  let step = 0;
  for (let cell = 0; cell < cells; cell++) {
    const kind = present[cell];
    if (kind === FLOAT) {
      const now = floats(values, cell, scalar[step]);
      present[cell] = now;
      if (now === ABSENT) emptied = true;
    } else if (kind !== ABSENT) {
      histogramCell(evaluation, node, block, cell, scalar[step], swapped);
    }
    if (++step === steps) step = 0;
  }
  return emptied ? withoutEmptyRows(block) : block;
}

function histogramCell(
  evaluation: Evaluation,
  node: BinaryNode,
  block: Block,
  cell: number,
  scalar: number,
  swapped: boolean,
): void {
  const histogram = block.requireHistogram(cell);
  const result = swapped
    ? mixedOperation(node.operator, scalar, histogram, node.range)
    : mixedOperation(node.operator, histogram, scalar, node.range);
  for (const one of result.annotations) evaluation.annotations.add(one);
  if (result.valid && result.histogram !== undefined && result.keep) block.setHistogram(cell, result.histogram);
  else block.present[cell] = ABSENT;
}

/** Between two scalars. */
export function scalarPair(operator: BinaryOperator, left: Float64Array, right: Float64Array): Float64Array {
  const result = new Float64Array(left.length);
  if (isComparison(operator)) {
    const holds = comparison(operator);
    for (let i = 0; i < result.length; i++) result[i] = holds(left[i], right[i]) ? 1 : 0;
  } else {
    const compute = arithmetic(operator);
    for (let i = 0; i < result.length; i++) result[i] = compute(left[i], right[i]);
  }
  return result;
}

/** The vector with inverted signs. */
export function* negateStream(evaluation: Evaluation, expr: PlanNode, grid: Grid): BlockStream {
  const stream = changed(evaluation.vector(expr, grid), (block) => {
    const { values, present } = block;
    for (let cell = 0; cell < block.cells; cell++) {
      if (present[cell] === FLOAT) {
        values[cell] = -values[cell];
      } else if (present[cell] !== ABSENT) {
        const result = mixedOperation('*', block.requireHistogram(cell), -1, expr.range);
        if (result.histogram !== undefined) block.setHistogram(cell, result.histogram);
      }
    }
    return block;
  });
  yield* dropNames(evaluation, stream, grid.steps, namesDiffer(expr));
}
