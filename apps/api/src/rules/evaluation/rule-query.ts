import type { Expr, Labels } from '@opsroom/promql';

/** One element of an instant vector. */
interface QueryResultElement {
  readonly labels: Labels;
  readonly value: number;
}

export interface QueryResult {
  readonly elements: readonly QueryResultElement[];
  /** How many samples the expression read. */
  readonly samples: number;
}

/** How rules ask for values. Throws what the evaluator throws. */
export abstract class RuleQuery {
  /** An instant vector, or a scalar as one element without labels. */
  abstract run(expr: Expr, text: string, atMs: number): QueryResult;
  /** For texts that stand in templates. */
  abstract runText(text: string, atMs: number): QueryResult;
}
