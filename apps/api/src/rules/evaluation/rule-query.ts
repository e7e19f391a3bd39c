import type { Expr, FloatHistogram, Labels } from '@opsroom/promql';

/** One element of an instant vector. */
interface QueryResultElement {
  readonly labels: Labels;
  /** 0 for a native histogram, as Prometheus shows those to alerts and templates. */
  readonly value: number;
  readonly histogram?: FloatHistogram;
}

export interface QueryResult {
  readonly elements: readonly QueryResultElement[];
  /** How many samples the expression read. */
  readonly samples: number;
}

/** A computation that pauses now and then, so that other work gets its turn. */
export type Sliced<T> = Generator<void, T>;

/** Runs it to its end at once. */
export function atOnce<T>(run: Sliced<T>): T {
  for (;;) {
    const turn = run.next();
    if (turn.done === true) return turn.value;
  }
}

/** How rules ask for values. Throws what the evaluator throws. */
export abstract class RuleQuery {
  /** An instant vector, or a scalar as one element without labels. */
  abstract run(expr: Expr, text: string, atMs: number): Sliced<QueryResult>;
  /** For texts that stand in templates; without pauses. */
  abstract runText(text: string, atMs: number): QueryResult;
}
