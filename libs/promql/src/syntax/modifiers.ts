/** Where `offset`, `@`, `anchored` and `smoothed` may stand: after a selector, a range selector or a subquery, once. */
import type { TextRange } from '@opsroom/contracts';
import { PromqlSyntaxError } from '../errors.js';
import type { AtModifier, Duration, Expr, MatrixSelector, VectorSelector } from './ast.js';

/** Makes a range selector of a bare selector: modifiers come after the window. */
export function applyWindow(expr: Expr, window: Duration, range: TextRange): MatrixSelector {
  const brackets: TextRange = { start: expr.range.end, end: range.end };
  if (expr.kind !== 'vector') {
    throw new PromqlSyntaxError(
      'ranges only allowed for vector selectors; a subquery over an expression is written [5m:]',
      brackets,
    );
  }
  if (expr.offset !== 0) throw new PromqlSyntaxError('no offset modifiers allowed before range', brackets);
  if (expr.at) throw new PromqlSyntaxError('no @ modifiers allowed before range', brackets);
  if (expr.extended) throw new PromqlSyntaxError(`the ${expr.extended} modifier stands after the range`, brackets);
  return { kind: 'matrix', selector: expr, window, range };
}

/** `range` is the whole text with the modifier; the result covers it. */
export function applyOffset(expr: Expr, offset: Duration, range: TextRange): Expr {
  if (expr.kind === 'vector' || expr.kind === 'subquery') {
    if (expr.offset !== 0) throw new PromqlSyntaxError('offset may not be set multiple times', range);
    return { ...expr, offset, range };
  }
  if (expr.kind === 'matrix')
    return { ...expr, selector: applyOffset(expr.selector, offset, range) as VectorSelector, range };
  throw misplaced('offset modifier', range);
}

/** Sets the `@` modifier. */
export function applyAt(expr: Expr, at: AtModifier, range: TextRange): Expr {
  if (expr.kind === 'vector' || expr.kind === 'subquery') {
    if (expr.at) throw new PromqlSyntaxError('@ <timestamp> may not be set multiple times', range);
    return { ...expr, at, range };
  }
  if (expr.kind === 'matrix') return { ...expr, selector: applyAt(expr.selector, at, range) as VectorSelector, range };
  throw misplaced('@ modifier', range);
}

/** Sets `anchored` or `smoothed`; not for subqueries. */
export function applyExtended(expr: Expr, extended: 'anchored' | 'smoothed', range: TextRange): Expr {
  if (expr.kind === 'vector') {
    if (expr.extended !== undefined && expr.extended !== extended) {
      throw new PromqlSyntaxError('anchored and smoothed modifiers cannot be used together', range);
    }
    return { ...expr, extended, range };
  }
  if (expr.kind === 'matrix') {
    return { ...expr, selector: applyExtended(expr.selector, extended, range) as VectorSelector, range };
  }
  if (expr.kind === 'subquery') {
    throw new PromqlSyntaxError(`${extended} modifier is not supported for subqueries`, range);
  }
  throw new PromqlSyntaxError(`${extended} modifier must be preceded by an instant or range vector selector`, range);
}

function misplaced(what: string, range: TextRange): PromqlSyntaxError {
  return new PromqlSyntaxError(
    `${what} must be preceded by an instant vector selector or range vector selector or a subquery`,
    range,
  );
}
