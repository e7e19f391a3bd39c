import type { BinaryNode } from '../plan/nodes.js';
import { ABSENT, Block, copyHistograms } from './block.js';
import { collect, mergeDuplicates } from './duplicates.js';
import type { BlockStream, Evaluation, Grid } from './evaluation.js';
import { matchingOf, signatures } from './signatures.js';

/** and, or, unless: which samples stay depends on whether the other side has any with the same matching labels at that step. */
export function* setOperatorStream(evaluation: Evaluation, node: BinaryNode, grid: Grid): BlockStream {
  const left = yield* collect(evaluation, evaluation.vector(node.left, grid), grid.steps);
  const right = yield* collect(evaluation, evaluation.vector(node.right, grid), grid.steps);
  const signed = signatures(left.labels, right.labels, matchingOf(node));
  const { steps } = grid;
  let result: Block;
  if (node.operator === 'or') {
    const taken = presence(left, signed.left, signed.count);
    result = new Block(steps, left.rows + right.rows);
    result.appendAll(left);
    filterRows(right, signed.right, taken, 0, result);
    result = mergeDuplicates(result);
  } else {
    const others = presence(right, signed.right, signed.count);
    result = new Block(steps, left.rows);
    filterRows(left, signed.left, others, node.operator === 'and' ? 1 : 0, result);
  }
  evaluation.hold(-left.cells - right.cells);
  if (evaluation.work(left.cells + right.cells)) yield undefined;
  if (result.rows > 0) yield result;
}

/** 1 where any row of the signature has a sample, by signature and step. */
function presence(block: Block, ordinals: Int32Array, count: number): Uint8Array {
  const { steps, present } = block;
  const found = new Uint8Array(count * steps);
  for (let row = 0; row < block.rows; row++) {
    const cell = row * steps;
    const at = ordinals[row] * steps;
    for (let step = 0; step < steps; step++) if (present[cell + step] !== ABSENT) found[at + step] = 1;
  }
  return found;
}

/** Appends the rows' samples at steps where the other side's presence is as wanted. */
function filterRows(block: Block, ordinals: Int32Array, others: Uint8Array, wanted: 0 | 1, result: Block): void {
  const { steps } = block;
  for (let row = 0; row < block.rows; row++) {
    const from = row * steps;
    const at = ordinals[row] * steps;
    const cell = result.reserve();
    let any = false;
    for (let step = 0; step < steps; step++) {
      const kind = block.present[from + step];
      const kept = kind !== ABSENT && others[at + step] === wanted;
      result.present[cell + step] = kept ? kind : ABSENT;
      if (!kept) continue;
      any = true;
      result.values[cell + step] = block.values[from + step];
      copyHistograms(block, from + step, result, cell + step, 1);
    }
    if (any) result.commit(block.labels[row], block.dropName[row]);
  }
}
