import type { CallNode } from '../plan/nodes.js';
import { annotate } from './annotations.js';
import { Block } from './block.js';
import { collect } from './duplicates.js';
import type { BlockStream, Evaluation, Grid } from './evaluation.js';
import { withoutHistograms } from './float-functions.js';
import { textOf } from './label-functions.js';
import { compareLabels } from './metadata-labels.js';

/** The sort functions order the result of an instant query; that of a range query is ordered by labels whatever they do. */
export function* sortStream(evaluation: Evaluation, node: CallNode, grid: Grid): BlockStream {
  if (evaluation.times.startMs !== evaluation.times.endMs) {
    evaluation.annotations.add(annotate.sortInRangeQuery(node.range));
  }
  const given = yield* collect(evaluation, evaluation.vector(node.args[0], grid), grid.steps);
  evaluation.hold(-given.cells);
  const byValue = node.func === 'sort' || node.func === 'sort_desc';
  const block = byValue ? withoutHistograms(given.writable()) : given;
  if (grid.steps !== 1) {
    if (block.rows > 0) yield block;
    return;
  }
  const rows = Array.from({ length: block.rows }, (_, row) => row);
  const order = byValue ? valueOrder(block, node.func === 'sort_desc') : labelOrder(block, node);
  rows.sort(order);
  const sorted = new Block(1, block.rows);
  for (const row of rows) sorted.append(block, row, block.labels[row], block.dropName[row]);
  if (sorted.rows > 0) yield sorted;
}

/** NaN last, whichever way. */
function valueOrder({ values }: Block, descending: boolean): (a: number, b: number) => number {
  return (a, b) => {
    const x = values[a];
    const y = values[b];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    if (x === y) return 0;
    return x < y === descending ? 1 : -1;
  };
}

function labelOrder({ labels }: Block, { func, args }: CallNode): (a: number, b: number) => number {
  const names = args.slice(1).map(textOf);
  const direction = func === 'sort_by_label_desc' ? -1 : 1;
  return (a, b) => {
    for (const name of names) {
      const x = labels[a].get(name);
      const y = labels[b].get(name);
      if (x !== y) return direction * (naturallyBefore(x, y) ? -1 : 1);
    }
    return direction * compareLabels(labels[a], labels[b]);
  };
}

/** Natural order: runs of digits count as numbers, so that `disk9` stands before `disk10`. */
function naturallyBefore(a: string, b: string): boolean {
  const x = a.match(/\d+|\D+/g) ?? [];
  const y = b.match(/\d+|\D+/g) ?? [];
  for (let i = 0; i < x.length; i++) {
    if (i >= y.length) return false;
    if (x[i] === y[i]) continue;
    if (/^\d/.test(x[i]) && /^\d/.test(y[i])) {
      const left = BigInt(x[i]);
      const right = BigInt(y[i]);
      if (left !== right) return left < right;
      // Equal numbers: the one with fewer leading zeros stands after the other.
      if (x[i].length !== y[i].length) return x[i].length > y[i].length;
      continue;
    }
    return x[i] < y[i];
  }
  return x.length < y.length;
}
