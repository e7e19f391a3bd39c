/** `=`, `!=` compare; `=~`, `!~` match an RE2 expression that is anchored at both ends. */
export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** One condition on a label, as it travels. A label that is absent has the value ''. */
export interface MatcherSpec {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** Prints matchers in their canonical form: sorted, quoted, `{a="b",c=~"d"}`. */
export function printMatchers(matchers: readonly MatcherSpec[]): string {
  const printed = matchers.map((m) => `${m.name}${m.operator}${JSON.stringify(m.value)}`);
  return `{${[...new Set(printed)].sort().join(',')}}`;
}
