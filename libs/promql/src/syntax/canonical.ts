/** The form in which two expressions that mean the same by their syntax alone are the same text. */
import { byCodePoint, METRIC_NAME } from '@opsroom/contracts';
import type { BinaryExpr, Expr, VectorMatching, VectorSelector } from './ast.js';
import { printExpr, printMatcher } from './print.js';

/**
 * Prints an expression so that spelling does not matter: labels of clauses sorted and unique, `{__name__="x"}` as `x`,
 * redundant parentheses and plus signs gone, needed ones in place. `sum by(a)(x)` and `sum(x) by (a)` give one text.
 * Operands are never swapped or folded, since that could change a result's last bit or its labels.
 */
export function canonicalExpr(expr: Expr): string {
  return printExpr(canonicalTree(expr));
}

/** The tree whose printing is canonical. */
export function canonicalTree(expr: Expr): Expr {
  switch (expr.kind) {
    case 'number':
      // 300 and 5m are one number; how it was written is not part of its meaning.
      return expr.duration ? { ...expr, duration: false } : expr;
    case 'string':
      return expr;
    case 'vector':
      return selector(expr);
    case 'matrix':
      return { ...expr, selector: selector(expr.selector) };
    case 'subquery':
      return { ...expr, expr: wrapped(canonicalTree(expr.expr), PRIMARY) };
    case 'call':
      return { ...expr, args: expr.args.map(canonicalTree) };
    case 'aggregate':
      return {
        ...expr,
        grouping: labels(expr.grouping),
        expr: canonicalTree(expr.expr),
        ...(expr.param ? { param: canonicalTree(expr.param) } : {}),
      };
    case 'unary':
      return unary(expr.operator, canonicalTree(expr.expr), expr);
    case 'paren':
    case 'step-invariant':
      return canonicalTree(expr.expr);
    case 'binary':
      return binary(expr);
  }
}

const PRECEDENCE: Readonly<Record<string, number>> = {
  ...{ or: 1, and: 2, unless: 2 },
  ...{ '==': 3, '!=': 3, '<': 3, '<=': 3, '>': 3, '>=': 3, '</': 3, '>/': 3 },
  ...{ '+': 4, '-': 4, '*': 5, '/': 5, '%': 5, atan2: 5, '^': 6 },
};
const UNARY = 5.5;
const PRIMARY = 7;

function precedence(expr: Expr): number {
  if (expr.kind === 'binary') return PRECEDENCE[expr.operator];
  if (expr.kind === 'unary') return UNARY;
  // A negative number prints with its sign, which binds like any sign.
  if (expr.kind === 'number' && (expr.value < 0 || Object.is(expr.value, -0) || expr.value === Infinity)) return UNARY;
  return PRIMARY;
}

/** The expression, in parentheses if it binds weaker than `least`. */
function wrapped(expr: Expr, least: number): Expr {
  return precedence(expr) < least ? { kind: 'paren', expr, range: expr.range } : expr;
}

function unary(operator: '+' | '-', inner: Expr, source: Expr): Expr {
  // A plus keeps its operand as it is, name and all.
  if (operator === '+') return inner;
  if (inner.kind === 'number') return { ...inner, value: -inner.value, range: source.range };
  return { kind: 'unary', operator, expr: wrapped(inner, UNARY), range: source.range };
}

function binary(expr: BinaryExpr): Expr {
  const spine: BinaryExpr[] = [];
  let node: Expr = expr;
  for (;;) {
    while (node.kind === 'paren' || node.kind === 'step-invariant') node = node.expr;
    if (node.kind !== 'binary') break;
    spine.push(node);
    node = node.left;
  }
  let left = canonicalTree(node);
  for (let i = spine.length - 1; i >= 0; i--) {
    const current = spine[i];
    const own = PRECEDENCE[current.operator];
    const power = current.operator === '^';
    // The left operand of ^ needs parentheses where it is a power or has a sign; of others only where it binds weaker.
    const leftOperand = wrapped(left, power ? own + 0.5 : own);
    const right = wrapped(canonicalTree(current.right), power ? UNARY : own + 0.5);
    const { matching, ...rest } = current;
    left = { ...rest, left: leftOperand, right, ...(matching ? { matching: matchingOf(matching) } : {}) };
  }
  return left;
}

function matchingOf(matching: VectorMatching): VectorMatching {
  return { ...matching, labels: labels(matching.labels), include: labels(matching.include) };
}

function selector(expr: VectorSelector): VectorSelector {
  const seen = new Map(expr.matchers.map((m) => [printMatcher(m), m]));
  const matchers = [...seen.keys()].sort(byCodePoint).flatMap((key) => seen.get(key) ?? []);
  const name = matchers.find((m) => m.name === METRIC_NAME && m.operator === '=')?.value ?? '';
  return {
    ...expr,
    matchers,
    name: /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name) && !RESERVED.has(name.toLowerCase()) ? name : '',
  };
}

/** Words that can't stand for a metric before the braces. */
const RESERVED = new Set(['inf', 'nan', 'bool', 'on', 'ignoring', 'group_left', 'group_right', 'offset']);

function labels(names: readonly string[]): string[] {
  return [...new Set(names)].sort(byCodePoint);
}
