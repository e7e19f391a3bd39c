import { PromqlExecutionError } from '../errors.js';
import type { Labels } from '../model/labels.js';
import { ABSENT, Block, copyHistograms } from './block.js';
import type { BlockStream, Evaluation, Paused } from './evaluation.js';
import { withoutMetadata } from './metadata-labels.js';

export const DUPLICATE_LABELS = 'vector cannot contain metrics with the same labelset';

/** The whole stream as one block. */
export function* collect(evaluation: Evaluation, stream: BlockStream, steps: number): Paused<Block> {
  let whole: Block | undefined;
  let owned = false;
  for (const block of stream) {
    if (block === undefined) {
      yield undefined;
      continue;
    }
    if (whole === undefined) {
      whole = block;
    } else {
      if (!owned) {
        whole = whole.writable();
        owned = true;
      }
      whole.appendAll(block);
    }
    evaluation.hold(block.cells);
  }
  return whole ?? new Block(steps, 0);
}

/** One row for each label set; series that share one must not have samples at the same step. */
export function mergeDuplicates(block: Block): Block {
  const byKey = new Map<string, number>();
  for (let row = 0; row < block.rows; row++) byKey.set(block.labels[row].key, row);
  if (byKey.size === block.rows) return block;
  byKey.clear();
  const merged = new Block(block.steps, block.rows);
  for (let row = 0; row < block.rows; row++) {
    const key = block.labels[row].key;
    const known = byKey.get(key);
    if (known === undefined) {
      byKey.set(key, merged.rows);
      merged.append(block, row, block.labels[row], block.dropName[row]);
    } else {
      mergeRow(block, row, merged, known);
    }
  }
  return merged;
}

function mergeRow(from: Block, row: number, to: Block, target: number): void {
  const source = row * from.steps;
  const cell = target * to.steps;
  for (let step = 0; step < from.steps; step++) {
    if (from.present[source + step] === ABSENT) continue;
    if (to.present[cell + step] !== ABSENT) throw new PromqlExecutionError(DUPLICATE_LABELS);
    to.present[cell + step] = from.present[source + step];
    to.values[cell + step] = from.values[source + step];
    copyHistograms(from, source + step, to, cell + step, 1);
  }
}

/**
 * What a function does to metric names: marks them for removal at the end of the query, or removes them at once. `collide`
 * says that rows may become equal by that; they are then merged, which takes the whole vector.
 */
export function* dropNames(evaluation: Evaluation, stream: BlockStream, steps: number, collide: boolean): BlockStream {
  const delayed = evaluation.options.delayedNameRemoval;
  if (delayed || !collide) {
    for (const given of stream) {
      const block = given?.writable();
      if (delayed) block?.dropName.fill(true);
      else if (block !== undefined) renameRows(block.labels, withoutMetadata);
      yield block;
    }
    return;
  }
  const whole = (yield* collect(evaluation, stream, steps)).writable();
  renameRows(whole.labels, withoutMetadata);
  const merged = mergeDuplicates(whole);
  evaluation.hold(-whole.cells);
  yield merged;
}

export function renameRows(labels: Labels[], change: (labels: Labels) => Labels): void {
  for (let row = 0; row < labels.length; row++) labels[row] = change(labels[row]);
}
