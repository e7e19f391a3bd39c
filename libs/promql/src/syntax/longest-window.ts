import type { Duration, Expr } from './ast.js';

/**
 * How far back the windows of an expression reach from its evaluation, in ms: of ranges, subqueries (with what they hold) and
 * positive offsets. The lookback of instant selectors is not counted. Durations that are computed for each query count as 0.
 */
export function longestWindowMs(expr: Expr): number {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return 0;
    case 'vector':
      return back(expr.offset);
    case 'matrix':
      return constant(expr.window) + back(expr.selector.offset);
    case 'subquery':
      return constant(expr.window) + back(expr.offset) + longestWindowMs(expr.expr);
    case 'call':
      return Math.max(0, ...expr.args.map(longestWindowMs));
    case 'aggregate':
      return Math.max(longestWindowMs(expr.expr), expr.param ? longestWindowMs(expr.param) : 0);
    case 'binary':
      return Math.max(longestWindowMs(expr.left), longestWindowMs(expr.right));
    default:
      return longestWindowMs(expr.expr);
  }
}

const constant = (duration: Duration): number => (typeof duration === 'number' ? duration : 0);
const back = (duration: Duration): number => Math.max(0, constant(duration));
