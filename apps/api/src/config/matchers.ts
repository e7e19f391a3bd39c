import type { MatcherSpec, MatchOperator } from '@opsroom/contracts';
import { RE2JS } from 're2js';

/** The text is not a list of matchers. */
export class MatcherSyntaxError extends Error {
  override readonly name = 'MatcherSyntaxError';
}

const OPERATORS: readonly MatchOperator[] = ['=~', '!~', '!=', '='];

/**
 * Reads matchers as Alertmanager does: `a="b"`, `{a=b, "ü.x"=~"c|d"}`, in the UTF-8 grammar and, where that one fails or
 * reads something else, in the classic one (Alertmanager's fallback mode). Throws `MatcherSyntaxError`.
 */
export function parseMatchers(text: string): MatcherSpec[] {
  const utf8 = attempt(() => parseUtf8(text));
  const classic = attempt(() => parseClassic(text));
  const result = classic.ok ? classic : utf8;
  if (!result.ok) throw new MatcherSyntaxError(`bad matcher ${JSON.stringify(text)}: ${utf8.ok ? '' : utf8.message}`);
  for (const matcher of result.matchers) checkMatcher(matcher);
  return result.matchers;
}

/** Throws `MatcherSyntaxError` when the regular expression of a matcher is not one of RE2's. */
export function checkMatcher(matcher: MatcherSpec): void {
  if (matcher.operator !== '=~' && matcher.operator !== '!~') return;
  try {
    RE2JS.compile(`^(?:${matcher.value})$`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MatcherSyntaxError(`bad regular expression in matcher ${matcher.name}${matcher.operator}: ${why}`);
  }
}

type Attempt =
  { readonly ok: true; readonly matchers: MatcherSpec[] } | { readonly ok: false; readonly message: string };

function attempt(parse: () => MatcherSpec[]): Attempt {
  try {
    return { ok: true, matchers: parse() };
  } catch (error) {
    if (!(error instanceof MatcherSyntaxError)) throw error;
    return { ok: false, message: error.message };
  }
}

const QUOTED = /"(?:[^"\\\n]|\\.)*"/y;
const BARE = /[^\s{}!=~,\\"'`]+/y;

/** `{` matcher (`,` matcher)* `,`? `}` with optional braces; names and values bare or in double quotes with Go's escapes. */
function parseUtf8(text: string): MatcherSpec[] {
  let at = 0;
  const space = (): void => {
    while (at < text.length && /\s/.test(text.charAt(at))) at++;
  };
  const take = (token: string): boolean => {
    space();
    if (!text.startsWith(token, at)) return false;
    at += token.length;
    return true;
  };
  const word = (what: string): string => {
    space();
    for (const pattern of [QUOTED, BARE]) {
      pattern.lastIndex = at;
      const found = pattern.exec(text)?.[0];
      if (found === undefined) continue;
      at += found.length;
      return pattern === QUOTED ? unquote(found) : found;
    }
    throw new MatcherSyntaxError(`expected ${what} at character ${at + 1}`);
  };

  const braces = take('{');
  const matchers: MatcherSpec[] = [];
  for (;;) {
    space();
    if (at === text.length || text.startsWith('}', at)) break;
    const name = word('a label name');
    const operator = OPERATORS.find((candidate) => take(candidate));
    if (!operator) throw new MatcherSyntaxError(`expected =, !=, =~ or !~ at character ${at + 1}`);
    matchers.push({ name, operator, value: word('a value') });
    if (!take(',')) break;
  }
  if (take('}') !== braces) throw new MatcherSyntaxError(braces ? 'expected a closing }' : 'unexpected } without {');
  space();
  if (at < text.length) throw new MatcherSyntaxError(`expected a comma at character ${at + 1}`);
  return matchers;
}

/** A Go string literal in double quotes. */
function unquote(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|.)/gs, (whole, escape: string) => {
      const simple = ESCAPES.get(escape);
      if (simple !== undefined) return simple;
      const code = /^[xuU]/.test(escape) ? parseInt(escape.slice(1), 16) : parseInt(escape, 8);
      if (escape.length < 3 || code > 0x10ffff) throw new MatcherSyntaxError(`unknown escape ${whole}`);
      return String.fromCodePoint(code);
    });
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
  ['"', '"'],
]);

const CLASSIC = /^\s*(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?<operator>=~|!=|!~|=)\s*(?<value>.*?)\s*$/s;

/** Alertmanager's grammar before UTF-8 names: values may be bare to the end and keep backslashes that escape nothing. */
function parseClassic(text: string): MatcherSpec[] {
  const inner = text.trim().replace(/^\{/, '').replace(/\}$/, '');
  return splitAtCommas(inner).map((part): MatcherSpec => {
    const groups = CLASSIC.exec(part)?.groups;
    if (!groups) throw new MatcherSyntaxError(`expected name, operator and value in ${JSON.stringify(part.trim())}`);
    const operator = OPERATORS.find((candidate) => candidate === groups.operator) ?? '=';
    return { name: groups.name, operator, value: classicValue(groups.value) };
  });
}

function classicValue(raw: string): string {
  const opened = raw.startsWith('"');
  const closed = opened && raw.length > 1 && raw.endsWith('"') && !/(?<!\\)(?:\\\\)*\\"$/.test(raw);
  if (opened !== closed) throw new MatcherSyntaxError(`unbalanced quotes in ${raw}`);
  const inner = opened ? raw.slice(1, -1) : raw;
  if (/(?<!\\)(?:\\\\)*"/.test(inner)) throw new MatcherSyntaxError(`unescaped quote in ${raw}`);
  return inner.replace(/\\([n"\\])/g, (_, escape: string) => (escape === 'n' ? '\n' : escape));
}

function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '\\') i++;
    else if (c === '"') quoted = !quoted;
    else if (c === ',' && !quoted) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.filter((part) => part.trim() !== '');
}
