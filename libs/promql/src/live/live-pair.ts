import { pairLabels } from '../evaluate/binary-vector.js';
import { ABSENT } from '../evaluate/block.js';
import { arithmetic, comparison, isComparison } from '../evaluate/element.js';
import { signatures } from '../evaluate/signatures.js';
import type { Labels } from '../model/labels.js';
import type { BinaryNode } from '../plan/nodes.js';
import type { VectorMatching } from '../syntax/ast.js';
import { hasDuplicates } from './live-labels.js';
import type { LiveTick, LiveVectorNode } from './live-node.js';
import { LiveOperator } from './live-operator.js';
import type { LiveVector } from './live-vector.js';

/** An operator between two vectors that the incremental form knows: no fill modifiers, no trimming of histograms. */
export function isPlainPair(node: BinaryNode): boolean {
  const { matching, operator } = node;
  if (matching === undefined || operator === '</' || operator === '>/') return false;
  return matching.fillLeft === undefined && matching.fillRight === undefined;
}

/**
 * An operator between two vectors. Which series meet is found out when series come or go; after that a pair is computed when
 * one of the two has changed. Only where no group has several series on the side that must have one.
 */
export class LivePair extends LiveOperator {
  /** The side that may have several series for one of the other. */
  private readonly many: LiveVectorNode;
  private readonly one: LiveVectorNode;
  private readonly swapped: boolean;
  private readonly compute: (a: number, b: number) => number | undefined;
  /** By pair, which is a row of the output. */
  private manyRow = new Int32Array(0);
  private oneRow = new Int32Array(0);
  /** The pair of each row of the many side; -1 where it has none. */
  private pairOf = new Int32Array(0);
  /** Pairs of each row of the one side. */
  private pairsOf: (number[] | undefined)[] = [];

  constructor(
    override readonly node: BinaryNode,
    left: LiveVectorNode,
    right: LiveVectorNode,
  ) {
    super(node, [left, right]);
    this.swapped = node.matching?.card === 'one-to-many';
    this.many = this.swapped ? right : left;
    this.one = this.swapped ? left : right;
    this.compute = computation(node);
  }

  protected shape(tick: LiveTick): boolean {
    const matching = this.node.matching as VectorMatching;
    const many = this.many.output;
    const one = this.one.output;
    const signed = signatures(many.labels, one.labels, matching);
    const partner = new Int32Array(signed.count).fill(-1);
    for (let row = 0; row < one.rows; row++) {
      if (partner[signed.right[row]] >= 0) return false;
      partner[signed.right[row]] = row;
    }
    const taken = new Uint8Array(signed.count);
    const manyRow: number[] = [];
    const oneRow: number[] = [];
    const labels: Labels[] = [];
    this.pairOf = new Int32Array(many.rows).fill(-1);
    this.pairsOf = [];
    for (let row = 0; row < many.rows; row++) {
      const group = signed.left[row];
      const other = partner[group];
      if (other < 0) continue;
      if (matching.card === 'one-to-one' && taken[group] === 1) return false;
      taken[group] = 1;
      this.pairOf[row] = manyRow.length;
      (this.pairsOf[other] ??= []).push(manyRow.length);
      manyRow.push(row);
      oneRow.push(other);
      labels.push(pairLabels(this.node, tick.options.delayedNameRemoval, many.labels[row], one.labels[other]));
    }
    if (hasDuplicates(labels)) return false;
    this.manyRow = Int32Array.from(manyRow);
    this.oneRow = Int32Array.from(oneRow);
    this.output.reshape(labels, new Uint8Array(labels.length).fill(this.node.returnBool ? 1 : 0));
    return true;
  }

  protected refresh(_tick: LiveTick, all: boolean): void {
    const many = this.many.output;
    const one = this.one.output;
    if (all) {
      for (let pair = 0; pair < this.manyRow.length; pair++) this.write(pair, many, one);
      return;
    }
    for (let i = 0; i < many.changedCount; i++) {
      const pair = this.pairOf[many.changedRows[i]];
      if (pair >= 0) this.write(pair, many, one);
    }
    for (let i = 0; i < one.changedCount; i++) {
      const pairs = this.pairsOf[one.changedRows[i]];
      if (pairs === undefined) continue;
      for (const pair of pairs) this.write(pair, many, one);
    }
  }

  private write(pair: number, many: LiveVector, one: LiveVector): void {
    const row = this.manyRow[pair];
    const other = this.oneRow[pair];
    if (many.present[row] === ABSENT || one.present[other] === ABSENT) {
      this.output.setAbsent(pair);
      return;
    }
    const a = this.swapped ? one.values[other] : many.values[row];
    const b = this.swapped ? many.values[row] : one.values[other];
    const value = this.compute(a, b);
    if (value === undefined) this.output.setAbsent(pair);
    else this.output.setFloat(pair, value);
  }
}

function computation({ operator, returnBool }: BinaryNode): (a: number, b: number) => number | undefined {
  if (!isComparison(operator)) return arithmetic(operator);
  const holds = comparison(operator);
  if (returnBool) return (a, b) => (holds(a, b) ? 1 : 0);
  return (a, b) => (holds(a, b) ? a : undefined);
}
