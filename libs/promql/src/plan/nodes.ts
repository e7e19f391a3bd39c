import type { TextRange } from '@opsroom/contracts';
import type { Matcher } from '../model/matcher.js';
import type { AtModifier, BinaryOperator, Duration, ValueType, VectorMatching } from '../syntax/ast.js';

/**
 * The executable form of an expression. Parentheses and unary plus are gone, constants folded, and equal subtrees are one
 * node: a node may have several parents (`uses`), so a plan is a directed graph without cycles.
 */
export type PlanNode =
  NumberNode | StringNode | SelectNode | WindowNode | SubqueryNode | CallNode | AggregateNode | BinaryNode | NegateNode;

interface Base {
  /** Unique within the plan, children before parents. */
  readonly id: number;
  readonly type: ValueType;
  /** Its (first) place in the text, for annotations. */
  readonly range: TextRange;
  /** The value is the same at every step of a query, so it is computed once. */
  readonly invariant: boolean;
  /** Equal for equal subtrees and no others, places aside. */
  readonly key: string;
}

export interface NumberNode extends Base {
  readonly kind: 'number';
  readonly value: number;
}

export interface StringNode extends Base {
  readonly kind: 'string';
  readonly value: string;
}

/** When a selector or subquery looks: `@` first, then the offset (ms, positive looks back). */
export interface Shift {
  readonly offset: Duration;
  readonly at: AtModifier | undefined;
}

/** An instant vector selector. */
export interface SelectNode extends Base {
  readonly kind: 'select';
  readonly matchers: readonly Matcher[];
  readonly shift: Shift;
  readonly extended: 'anchored' | 'smoothed' | undefined;
}

/** A range vector selector: the samples in (t - window, t]. */
export interface WindowNode extends Base {
  readonly kind: 'window';
  readonly select: SelectNode;
  readonly window: Duration;
}

/** A range vector that is computed at its own, absolutely aligned steps. */
export interface SubqueryNode extends Base {
  readonly kind: 'subquery';
  readonly expr: PlanNode;
  readonly window: Duration;
  /** Undefined: the default of the query. */
  readonly step: Duration | undefined;
  readonly shift: Shift;
}

export interface CallNode extends Base {
  readonly kind: 'call';
  readonly func: string;
  readonly args: readonly PlanNode[];
}

export interface AggregateNode extends Base {
  readonly kind: 'aggregate';
  readonly operator: string;
  readonly expr: PlanNode;
  readonly param: PlanNode | undefined;
  readonly without: boolean;
  /** Sorted. */
  readonly grouping: readonly string[];
}

export interface BinaryNode extends Base {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: PlanNode;
  readonly right: PlanNode;
  readonly returnBool: boolean;
  readonly matching: VectorMatching | undefined;
}

export interface NegateNode extends Base {
  readonly kind: 'negate';
  readonly expr: PlanNode;
}

export interface Plan {
  readonly root: PlanNode;
  /** Every node once, children before parents. */
  readonly nodes: readonly PlanNode[];
  /** Number of parents that take the node's value, by node id; 1 for the root. */
  readonly uses: readonly number[];
  /** The text that it was made from, for the line and column of annotations. */
  readonly text: string | undefined;
}

/** The nodes that a node computes its value from. */
export function childrenOf(node: PlanNode): readonly PlanNode[] {
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'select':
      return [];
    case 'window':
      return [node.select];
    case 'subquery':
    case 'negate':
      return [node.expr];
    case 'call':
      return node.args;
    case 'aggregate':
      return node.param === undefined ? [node.expr] : [node.param, node.expr];
    case 'binary':
      return [node.left, node.right];
  }
}
