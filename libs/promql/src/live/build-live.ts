/** Chooses the form in which each node of a plan is kept. */
import { isSetOperator } from '../evaluate/element.js';
import { windowFunctions } from '../evaluate/window-functions.js';
import { type AggregateNode, type BinaryNode, type CallNode, childrenOf, type PlanNode } from '../plan/nodes.js';
import { isGrouped, LiveAggregate } from './live-aggregate.js';
import { LiveBatch } from './live-batch.js';
import { LiveMap } from './live-map.js';
import type { LiveNode, LiveScalarNode, LiveVectorNode } from './live-node.js';
import { isPlainPair, LivePair } from './live-pair.js';
import { RecomputedScalar, RecomputedVector } from './live-recomputed.js';
import { LiveSelect } from './live-select.js';
import { LiveSet } from './live-set.js';
import { LiveWindow } from './live-window.js';
import type { LiveSource } from './source.js';

/** Functions whose result moves with the evaluation time. */
const MOVING: ReadonlySet<string> = new Set([
  'time',
  'start',
  'end',
  'timestamp',
  'predict_linear',
  'minute',
  'hour',
  'day_of_week',
  'day_of_month',
  'day_of_year',
  'days_in_month',
  'month',
  'year',
]);

/** The live nodes of a plan. */
export interface LiveNodes {
  /** Arguments before those who use them. */
  readonly order: readonly LiveNode[];
  readonly vectors: ReadonlyMap<PlanNode, LiveVectorNode>;
  readonly scalars: ReadonlyMap<PlanNode, LiveScalarNode>;
}

/** The root has to be an instant vector or a scalar. */
export function buildLive(root: PlanNode, source: LiveSource): LiveNodes {
  const builder = new Builder(source);
  if (root.type === 'scalar') builder.scalarOf(root);
  else builder.vectorOf(root);
  return builder;
}

class Builder implements LiveNodes {
  readonly order: LiveNode[] = [];
  readonly vectors = new Map<PlanNode, LiveVectorNode>();
  readonly scalars = new Map<PlanNode, LiveScalarNode>();

  constructor(private readonly source: LiveSource) {}

  vectorOf(node: PlanNode): LiveVectorNode {
    let live = this.vectors.get(node);
    if (live === undefined) {
      live = this.vector(node);
      this.vectors.set(node, live);
      this.order.push(live);
    }
    return live;
  }

  scalarOf(node: PlanNode): LiveScalarNode {
    let live = this.scalars.get(node);
    if (live === undefined) {
      const inputs = vectorsBelow(node).map((vector) => this.vectorOf(vector));
      live = new RecomputedScalar(node, { inputs, moving: moves(node) });
      this.scalars.set(node, live);
      this.order.push(live);
    }
    return live;
  }

  private vector(node: PlanNode): LiveVectorNode {
    switch (node.kind) {
      case 'select':
        return node.extended === undefined ? new LiveSelect(node, this.source) : this.batch(node);
      case 'negate':
        return LiveMap.ofNegate(node, this.vectorOf(node.expr));
      case 'aggregate':
        return this.aggregate(node);
      case 'binary':
        return this.binary(node);
      case 'call':
        return this.call(node);
      default:
        return this.batch(node);
    }
  }

  private aggregate(node: AggregateNode): LiveVectorNode {
    return isGrouped(node.operator) ? new LiveAggregate(node, this.vectorOf(node.expr)) : this.recomputed(node);
  }

  private binary(node: BinaryNode): LiveVectorNode {
    const { left, right } = node;
    if (left.type === 'scalar' || right.type === 'scalar') {
      const [vector, scalar] = left.type === 'scalar' ? [right, left] : [left, right];
      const map = LiveMap.ofBinary(node, this.vectorOf(vector), this.scalarOf(scalar));
      return map ?? this.recomputed(node);
    }
    if (isSetOperator(node.operator)) return new LiveSet(node, this.vectorOf(left), this.vectorOf(right));
    if (isPlainPair(node)) return new LivePair(node, this.vectorOf(left), this.vectorOf(right));
    return this.recomputed(node);
  }

  private call(node: CallNode): LiveVectorNode {
    const { func, args } = node;
    const window = args.find(({ type }) => type === 'matrix');
    if (window !== undefined) {
      const plain = window.kind === 'window' && window.select.extended === undefined && windowFunctions.has(func);
      if (!plain || func === 'double_exponential_smoothing') return this.batch(node);
      const scalar = args.find(({ type }) => type === 'scalar');
      return new LiveWindow(node, this.source, scalar && this.scalarOf(scalar));
    }
    // info() chooses its series by itself, timestamp() looks at when samples were taken.
    if (func === 'info' || (func === 'timestamp' && args[0].kind === 'select')) return this.batch(node);
    const map =
      args.length === 1 && args[0].type === 'vector' ? LiveMap.ofCall(node, this.vectorOf(args[0])) : undefined;
    return map ?? this.recomputed(node);
  }

  private recomputed(node: PlanNode): LiveVectorNode {
    const inputs: LiveNode[] = [];
    for (const child of childrenOf(node)) {
      if (child.type === 'vector') inputs.push(this.vectorOf(child));
      else if (child.type === 'scalar') inputs.push(this.scalarOf(child));
    }
    return new RecomputedVector(node, { inputs, moving: node.kind === 'call' && MOVING.has(node.func) });
  }

  private batch(node: PlanNode): LiveVectorNode {
    return new LiveBatch(node, this.source);
  }
}

/** The nearest vectors below a scalar: what `scalar()` is applied to. */
function vectorsBelow(node: PlanNode): PlanNode[] {
  return childrenOf(node).flatMap((child) => (child.type === 'vector' ? [child] : vectorsBelow(child)));
}

/** A scalar that depends on the time by itself, not by a vector in it. */
function moves(node: PlanNode): boolean {
  if (node.type !== 'scalar') return false;
  return (node.kind === 'call' && MOVING.has(node.func)) || childrenOf(node).some(moves);
}
