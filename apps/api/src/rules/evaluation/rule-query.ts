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
  /** The expression found samples to read; without any, its result says nothing about what it watches. */
  readonly readsSamples: boolean;
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
  /** These are asked for again and again from now on, and those that were before no more. */
  follow(_exprs: Iterable<Expr>): void {}
  /** For texts that stand in templates; without pauses. */
  abstract runText(text: string, atMs: number): QueryResult;
}
