/**
 * The syntax tree of a PromQL expression. Every node knows its place in the text, so that an error can point at it.
 * Durations are in ms. Names follow Prometheus's parser, since its users know them from error messages.
 */
import type { TextRange } from '@opsroom/contracts';
import type { Matcher } from '../model/matcher.js';

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | SubqueryExpr
  | Call
  | AggregateExpr
  | BinaryExpr
  | UnaryExpr
  | ParenExpr
  | StepInvariantExpr;

interface Node {
  readonly range: TextRange;
}

export interface NumberLiteral extends Node {
  readonly kind: 'number';
  readonly value: number;
  /** It was written as a duration (`5m`) and prints as one. */
  readonly duration: boolean;
}

export interface StringLiteral extends Node {
  readonly kind: 'string';
  readonly value: string;
}

/**
 * A duration: a constant in ms (every plain literal with or without a sign, `5m`, `-300`), or arithmetic over constants and `step()` and `range()` that is computed for each query: step() and range() are in seconds,
 * as is every number in it, and the result rounds to whole ms.
 */
export type Duration = number | DurationExpr;

export type DurationExpr =
  /** `duration`: it was written with units (`5m`) and prints so. */
  | {
      readonly kind: 'duration-number';
      readonly seconds: number;
      readonly duration: boolean;
      readonly range: TextRange;
    }
  | { readonly kind: 'duration-step'; readonly range: TextRange }
  | { readonly kind: 'duration-range'; readonly range: TextRange }
  | {
      readonly kind: 'duration-unary';
      readonly operator: '+' | '-';
      readonly operand: DurationExpr;
      readonly range: TextRange;
    }
  /** Parentheses, kept for printing; the value is the inner one's. */
  | { readonly kind: 'duration-paren'; readonly inner: DurationExpr; readonly range: TextRange }
  | {
      readonly kind: 'duration-binary';
      readonly operator: '+' | '-' | '*' | '/' | '%' | '^' | 'min' | 'max';
      readonly left: DurationExpr;
      readonly right: DurationExpr;
      readonly range: TextRange;
    };

/** `@ 1600000000`, `@ start()`, `@ end()`. */
export type AtModifier =
  { readonly kind: 'time'; readonly timeMs: number } | { readonly kind: 'start' } | { readonly kind: 'end' };

/** When the selector looks: `@` first, then the offset (positive looks back). */
interface Shifted {
  readonly offset: Duration;
  readonly at?: AtModifier;
}

export interface VectorSelector extends Node, Shifted {
  readonly kind: 'vector';
  /** The name before the braces; the matchers hold it too. '' when there is none. */
  readonly name: string;
  readonly matchers: readonly Matcher[];
  /** `anchored` and `smoothed` (extended range selectors, experimental). */
  readonly extended?: 'anchored' | 'smoothed';
}

export interface MatrixSelector extends Node {
  readonly kind: 'matrix';
  readonly selector: VectorSelector;
  readonly window: Duration;
}

export interface SubqueryExpr extends Node, Shifted {
  readonly kind: 'subquery';
  readonly expr: Expr;
  readonly window: Duration;
  /** Absent: the default resolution of the query. */
  readonly step?: Duration;
}

export interface Call extends Node {
  readonly kind: 'call';
  readonly func: string;
  readonly args: readonly Expr[];
}

export interface AggregateExpr extends Node {
  readonly kind: 'aggregate';
  readonly operator: string;
  readonly expr: Expr;
  readonly param?: Expr;
  readonly without: boolean;
  readonly grouping: readonly string[];
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | 'atan2'
  | '=='
  | '!='
  | '>'
  | '<'
  | '>='
  | '<='
  | 'and'
  | 'or'
  | 'unless'
  | '</'
  | '>/';

export interface BinaryExpr extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  readonly returnBool: boolean;
  /** Between two vectors only. */
  readonly matching?: VectorMatching;
}

export interface VectorMatching {
  readonly card: 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';
  readonly labels: readonly string[];
  /** True: `on(labels)`; false: `ignoring(labels)`. */
  readonly on: boolean;
  /** Labels that `group_left`/`group_right` copies from the "one" side. */
  readonly include: readonly string[];
  /** Values that stand in for a missing left or right side (experimental fill modifiers). */
  readonly fillLeft?: number;
  readonly fillRight?: number;
}

export interface UnaryExpr extends Node {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly expr: Expr;
}

export interface ParenExpr extends Node {
  readonly kind: 'paren';
  readonly expr: Expr;
}

/** Made by the planner: the inner value is the same at every step of a query. */
export interface StepInvariantExpr extends Node {
  readonly kind: 'step-invariant';
  readonly expr: Expr;
}
