import { ABSENT } from '../evaluate/block.js';
import { signatures } from '../evaluate/signatures.js';
import type { BinaryNode } from '../plan/nodes.js';
import type { VectorMatching } from '../syntax/ast.js';
import { hasDuplicates } from './live-labels.js';
import type { LiveTick, LiveVectorNode } from './live-node.js';
import { LiveOperator } from './live-operator.js';
import type { LiveVector } from './live-vector.js';

/**
 * and, or, unless. Which series belong together is found out when series come or go; how many of each group are present on
 * the side that decides is counted anew when any comes or goes there.
 */
export class LiveSet extends LiveOperator {
  private leftGroups: Int32Array = new Int32Array(0);
  private rightGroups: Int32Array = new Int32Array(0);
  /** 1 where the deciding side has a sample: the left one for `or`, the right one otherwise. */
  private present = new Uint8Array(0);

  constructor(
    override readonly node: BinaryNode,
    private readonly left: LiveVectorNode,
    private readonly right: LiveVectorNode,
  ) {
    super(node, [left, right]);
  }

  protected shape(): boolean {
    const left = this.left.output;
    const right = this.right.output;
    const signed = signatures(left.labels, right.labels, this.node.matching as VectorMatching);
    this.leftGroups = signed.left;
    this.rightGroups = signed.right;
    this.present = new Uint8Array(signed.count);
    if (this.node.operator !== 'or') {
      this.output.reshape(left.labels, left.dropName);
      return true;
    }
    const labels = [...left.labels, ...right.labels];
    if (hasDuplicates(labels)) return false;
    const dropName = new Uint8Array(labels.length);
    dropName.set(left.dropName);
    dropName.set(right.dropName, left.rows);
    this.output.reshape(labels, dropName);
    return true;
  }

  protected refresh(_tick: LiveTick, all: boolean): void {
    const left = this.left.output;
    const right = this.right.output;
    if (this.node.operator === 'or') {
      const decided = all || left.presenceChanged;
      if (decided) this.count(left, this.leftGroups);
      for (let i = 0; i < size(left, all); i++) this.output.copyRow(row(left, all, i), left, row(left, all, i));
      for (let i = 0; i < size(right, decided); i++) {
        const from = row(right, decided, i);
        if (this.present[this.rightGroups[from]] === 0) this.output.copyRow(left.rows + from, right, from);
        else this.output.setAbsent(left.rows + from);
      }
      return;
    }
    const wanted = this.node.operator === 'and' ? 1 : 0;
    const decided = all || right.presenceChanged;
    if (decided) this.count(right, this.rightGroups);
    for (let i = 0; i < size(left, decided); i++) {
      const from = row(left, decided, i);
      if (this.present[this.leftGroups[from]] === wanted) this.output.copyRow(from, left, from);
      else this.output.setAbsent(from);
    }
  }

  private count(side: LiveVector, groups: Int32Array): void {
    this.present.fill(0);
    for (let i = 0; i < side.rows; i++) if (side.present[i] !== ABSENT) this.present[groups[i]] = 1;
  }
}

/** How many rows are to be looked at: all of them or those that have changed … */
function size(vector: LiveVector, all: boolean): number {
  return all ? vector.rows : vector.changedCount;
}

/** … and the i-th of them. */
function row(vector: LiveVector, all: boolean, i: number): number {
  return all ? i : vector.changedRows[i];
}
