import type { MatcherSpec, MatchOperator } from '@opsroom/contracts';

/** A compiled condition on one label. `matches('')` says whether series without the label are selected. */
export interface Matcher extends MatcherSpec {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
  matches(value: string): boolean;
  /** The only values that can match, where the expression is a plain alternation (`a|b|c`); undefined otherwise. */
  readonly set?: readonly string[];
  /** What every matching value starts with, where that is known (`prefix.*`); '' otherwise. */
  readonly prefix: string;
}
