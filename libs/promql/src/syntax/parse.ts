import type { Matcher } from '../model/matcher.js';
import { PromqlSyntaxError } from '../errors.js';
import type { Expr } from './ast.js';
import { buildExpr } from './build.js';
import { checkExpr } from './check.js';
import { explainSyntaxError } from './expected.js';
import { parseStrict } from './grammar.js';
import { scan } from './scan.js';

export interface ParseOptions {
  /** Allows what Prometheus keeps behind feature flags; the default is false. */
  readonly experimental?: boolean;
}

/**
 * Reads a PromQL expression as Prometheus 3.14 does and checks its types. Ranges in the tree and in errors are in
 * UTF-16 units of `text`. Throws PromqlSyntaxError, and nothing else for any text.
 */
export function parseExpr(text: string, options: ParseOptions = {}): Expr {
  const { tokens, standIn } = scan(text);
  if (tokens.length === 0) throw new PromqlSyntaxError('no expression found in input', { start: 0, end: text.length });
  let top;
  try {
    top = parseStrict(standIn).topNode.firstChild;
  } catch (error) {
    if (error instanceof SyntaxError) throw explainSyntaxError(tokens, standIn, text);
    throw error;
  }
  if (!top) throw explainSyntaxError(tokens, standIn, text);
  return checkExpr(buildExpr(top, text), { experimental: options.experimental ?? false });
}

/**
 * Matchers of a bare selector, `up{job="x"}`, as `match[]` and relabelling take them: no offset, no `@`. A selector whose
 * matchers all match the empty value is refused. Throws PromqlSyntaxError.
 */
export function parseSelector(text: string): readonly Matcher[] {
  const expr = parseExpr(text);
  if (expr.kind !== 'vector' || expr.offset !== 0 || expr.at) {
    throw new PromqlSyntaxError('expected a series selector like up{job="x"}', expr.range);
  }
  return expr.matchers;
}
