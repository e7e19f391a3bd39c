import type { Expr } from './ast.js';
import { printAggregation, printExpr, printOperator, printSubqueryTail } from './print.js';

/** A node whose one-line form is longer than this is split. */
const MAX_LINE = 100;
const INDENT = '  ';

/**
 * Prints an expression over several lines as Prometheus's format_query does: what fits in 100 characters stays on its
 * line, otherwise arguments and operands go to lines of their own, indented by two spaces a level.
 */
export function prettyExpr(expr: Expr): string {
  return pretty(expr, 0);
}

function pretty(expr: Expr, level: number): string {
  const indent = INDENT.repeat(level);
  const line = printExpr(expr);
  if (line.length <= MAX_LINE) return indent + line;
  switch (expr.kind) {
    case 'aggregate': {
      const param = expr.param ? `${pretty(expr.param, level + 1)},\n` : '';
      return `${indent}${printAggregation(expr)}(\n${param}${pretty(expr.expr, level + 1)}\n${indent})`;
    }
    case 'binary': {
      const left = pretty(expr.left, level + 1);
      return `${left}\n${indent}${printOperator(expr)}\n${pretty(expr.right, level + 1)}`;
    }
    case 'call': {
      const args = expr.args.map((arg) => pretty(arg, level + 1)).join(',\n');
      return `${indent}${expr.func}(\n${args}\n${indent})`;
    }
    case 'paren':
      return `${indent}(\n${pretty(expr.expr, level + 1)}\n${indent})`;
    case 'subquery':
      return pretty(expr.expr, level) + printSubqueryTail(expr);
    case 'unary':
      return indent + expr.operator + pretty(expr.expr, level).trimStart();
    case 'step-invariant':
      return pretty(expr.expr, level);
    default:
      return indent + line;
  }
}
