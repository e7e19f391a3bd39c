import type { MatchOperator } from '@opsroom/contracts';
import { RE2JS } from 're2js';
import { PromqlSyntaxError } from '../errors.js';
import type { Matcher } from '../model/matcher.js';
import { regexpShape } from './regexp-shape.js';

/**
 * Compiles a condition on a label. Regular expressions are RE2 (linear time), anchored at both ends, and `.` matches
 * line breaks, as in Prometheus. Throws PromqlSyntaxError with a range within `value` for a bad expression.
 */
export function createMatcher(name: string, operator: MatchOperator, value: string): Matcher {
  if (operator === '=') {
    return { name, operator, value, matches: (v) => v === value, set: [value], prefix: value };
  }
  if (operator === '!=') return { name, operator, value, matches: (v) => v !== value, prefix: '' };
  const regexp = compileAnchored(value);
  const { set, prefix, prefixOnly } = regexpShape(value);
  const test = anchoredTest(value, regexp, set, prefix, prefixOnly);
  return operator === '=~'
    ? { name, operator, value, matches: test, prefix, ...(set ? { set } : {}) }
    : { name, operator, value, matches: (v) => !test(v), prefix: '' };
}

function anchoredTest(
  source: string,
  regexp: RE2JS,
  set: readonly string[] | undefined,
  prefix: string,
  prefixOnly: boolean,
): (value: string) => boolean {
  if (set) {
    const values = new Set(set);
    return (value) => values.has(value);
  }
  if (source === '.*') return () => true;
  if (source === '.+') return (value) => value !== '';
  if (prefixOnly) return (value) => value.startsWith(prefix);
  if (prefix !== '') return (value) => value.startsWith(prefix) && regexp.testExact(value);
  return (value) => regexp.testExact(value);
}

/** RE2 with `.` matching line breaks. Throws PromqlSyntaxError with a range within `source`. */
export function compileAnchored(source: string): RE2JS {
  try {
    return RE2JS.compile(source, RE2JS.DOTALL);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PromqlSyntaxError(`bad regular expression: ${why}`, { start: 0, end: source.length });
  }
}
