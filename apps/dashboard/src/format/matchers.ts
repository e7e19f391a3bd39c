import type { MatcherSpec } from '@opsroom/contracts';

const MATCHER = /^\s*(?:([a-zA-Z_][\w.:]*)|"((?:[^"\\]|\\.)+)")\s*(=~|!~|!=|=)\s*(.*?)\s*$/s;

/**
 * Reads one matcher as people type it: `severity=critical`, `job=~"api|web"`. Quotes are optional.
 * Undefined when there is no name or operator.
 */
export function parseMatcher(text: string): MatcherSpec | undefined {
  const match = MATCHER.exec(text);
  const name = match?.[1] ?? (match?.[2] === undefined ? undefined : unquote(`"${match[2]}"`));
  if (!match || name === undefined || name === '') return undefined;
  return { name, operator: match[3] as MatcherSpec['operator'], value: unquote(match[4] ?? '') };
}

/** Prints a matcher as a chip and a URL show it. */
export const printMatcher = (matcher: MatcherSpec): string =>
  `${matcher.name}${matcher.operator}${JSON.stringify(matcher.value)}`;

/** Matchers that stand in a URL's query, each one `m`; what cannot be read is left out. */
export function matchersFromQuery(values: unknown): MatcherSpec[] {
  const texts = Array.isArray(values) ? values : [values];
  return texts.flatMap((text) => (typeof text === 'string' ? (parseMatcher(text) ?? []) : []));
}

export const sameMatcher = (a: MatcherSpec, b: MatcherSpec): boolean =>
  a.name === b.name && a.operator === b.operator && a.value === b.value;

function unquote(text: string): string {
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  if (!quoted) return text;
  try {
    return JSON.parse(`"${(quoted[2] ?? '').replace(/(?<!\\)"/g, '\\"')}"`) as string;
  } catch {
    return quoted[2] ?? '';
  }
}
