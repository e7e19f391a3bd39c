/** The semantic half of the parser: types, arity, switches and what operators allow. */
import type { TextRange } from '@opsroom/contracts';
import { METRIC_NAME } from '@opsroom/contracts';
import { PromqlSyntaxError } from '../errors.js';
import type {
  AggregateExpr,
  BinaryExpr,
  Call,
  Duration,
  Expr,
  SubqueryExpr,
  ValueType,
  VectorSelector,
} from './ast.js';
import { aggregations, functions } from './functions.js';

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
const SETS = new Set(['and', 'or', 'unless']);
/** Range functions that read what `anchored` and `smoothed` add at the window's edges. */
const ANCHORED = new Set(['changes', 'delta', 'increase', 'rate', 'resets']);
const SMOOTHED = new Set(['delta', 'increase', 'rate']);

/** What an expression evaluates to. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'vector':
    case 'aggregate':
      return 'vector';
    case 'matrix':
    case 'subquery':
      return 'matrix';
    case 'call':
      return functions.get(expr.func)?.result ?? 'vector';
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'vector';
    case 'unary':
    case 'paren':
    case 'step-invariant':
      return typeOf(expr.expr);
  }
}

/** A type as people call it. */
export function typeName(type: ValueType): string {
  return type === 'vector' ? 'instant vector' : type === 'matrix' ? 'range vector' : type;
}

/**
 * Checks a whole tree and returns it with what only types can tell settled: vector matching is dropped from binary
 * expressions that are not between two vectors. Throws PromqlSyntaxError.
 */
export function checkExpr(expr: Expr, options: { readonly experimental: boolean }): Expr {
  return new Checker(options.experimental).check(expr).expr;
}

interface Checked<E extends Expr = Expr> {
  readonly expr: E;
  readonly type: ValueType;
}

class Checker {
  constructor(private readonly experimental: boolean) {}

  check(expr: Expr): Checked {
    switch (expr.kind) {
      case 'number':
        return { expr, type: 'scalar' };
      case 'string':
        return { expr, type: 'string' };
      case 'vector':
        return { expr: this.selector(expr, false), type: 'vector' };
      case 'matrix':
        this.duration(expr.window);
        return { expr: { ...expr, selector: this.selector(expr.selector, false) }, type: 'matrix' };
      case 'subquery':
        return { expr: this.subquery(expr), type: 'matrix' };
      case 'paren':
      case 'step-invariant': {
        const inner = this.check(expr.expr);
        return { expr: { ...expr, expr: inner.expr }, type: inner.type };
      }
      case 'unary': {
        const inner = this.check(expr.expr);
        if (inner.type !== 'scalar' && inner.type !== 'vector') {
          throw new PromqlSyntaxError(
            `unary expression only allowed on expressions of type scalar or instant vector, got ${typeName(inner.type)}`,
            expr.range,
          );
        }
        return { expr: { ...expr, expr: inner.expr }, type: inner.type };
      }
      case 'aggregate':
        return { expr: this.aggregate(expr), type: 'vector' };
      case 'call':
        return this.call(expr);
      case 'binary':
        return this.binary(expr);
    }
  }

  private selector(selector: VectorSelector, emptyAllowed: boolean): VectorSelector {
    const { range } = selector;
    const names = selector.matchers.filter((m) => m.name === METRIC_NAME);
    const equal = names.filter((m) => m.operator === '=');
    if (selector.name !== '' ? names.length > 1 : equal.length > 1) {
      const [one, two] = selector.name !== '' ? [names[names.length - 1], names[0]] : equal;
      throw new PromqlSyntaxError(
        `metric name must not be set twice: ${JSON.stringify(one.value)} or ${JSON.stringify(two.value)}`,
        range,
      );
    }
    if (!emptyAllowed && !selector.matchers.some((m) => !m.matches(''))) {
      throw new PromqlSyntaxError('vector selector must contain at least one non-empty matcher', range);
    }
    if (selector.extended) this.needExperimental(`the ${selector.extended} modifier`, range);
    this.duration(selector.offset);
    return selector;
  }

  private subquery(expr: SubqueryExpr): SubqueryExpr {
    const inner = this.check(expr.expr);
    if (inner.type !== 'vector') {
      throw new PromqlSyntaxError(
        `subquery is only allowed on instant vector, got ${typeName(inner.type)} instead`,
        expr.range,
      );
    }
    this.duration(expr.window);
    this.duration(expr.offset);
    if (expr.step !== undefined) this.duration(expr.step);
    return { ...expr, expr: inner.expr };
  }

  private duration(duration: Duration): void {
    if (typeof duration !== 'number') this.needExperimental('arithmetic in a duration', duration.range);
  }

  private aggregate(expr: AggregateExpr): AggregateExpr {
    const signature = aggregations.get(expr.operator);
    if (!signature) throw new PromqlSyntaxError(`unknown aggregation ${JSON.stringify(expr.operator)}`, expr.range);
    if (signature.experimental) this.needExperimental(`${expr.operator}()`, expr.range);
    const expected = signature.param === undefined ? 1 : 2;
    const got = expr.param === undefined ? 1 : 2;
    if (got !== expected) {
      throw new PromqlSyntaxError(
        `wrong number of arguments for aggregate expression provided, expected ${expected}, got ${got}`,
        expr.range,
      );
    }
    const inner = this.expect(expr.expr, 'vector', 'aggregation expression');
    if (expr.param === undefined || signature.param === undefined) return { ...expr, expr: inner };
    return { ...expr, expr: inner, param: this.expect(expr.param, signature.param, 'aggregation parameter') };
  }

  private call(expr: Call): Checked {
    const signature = functions.get(expr.func);
    if (!signature) throw new PromqlSyntaxError(`unknown function ${JSON.stringify(expr.func)}`, expr.range);
    if (signature.experimental) this.needExperimental(`function ${JSON.stringify(expr.func)}`, expr.range);
    const { min, max } = signature;
    const got = expr.args.length;
    if (got < min || got > max) {
      const bound = min === max ? `${min}` : got < min ? `at least ${min}` : `at most ${max}`;
      throw new PromqlSyntaxError(
        `expected ${bound} argument(s) in call to ${JSON.stringify(expr.func)}, got ${got}`,
        expr.range,
      );
    }
    const args = expr.args.map((arg, i) => {
      if (expr.func === 'info' && i === 1) return this.infoSelector(arg);
      const type = signature.args[Math.min(i, signature.args.length - 1)];
      return this.expect(arg, type, `call to function ${JSON.stringify(expr.func)}`);
    });
    for (const arg of args) this.extended(arg, expr.func);
    return { expr: { ...expr, args }, type: signature.result };
  }

  /** The second argument of info() is a bare set of matchers, which may all match the empty value. */
  private infoSelector(arg: Expr): Expr {
    if (arg.kind === 'vector' && arg.name === '') return this.selector(arg, true);
    const type = typeOf(arg);
    throw new PromqlSyntaxError(
      type === 'vector'
        ? 'the second argument of info() is label matchers only, like {job="x"}'
        : `expected type instant vector in call to function "info", got ${typeName(type)}`,
      arg.range,
    );
  }

  private extended(arg: Expr, func: string): void {
    let inner = arg;
    while (inner.kind === 'paren') inner = inner.expr;
    if (inner.kind !== 'matrix' || !inner.selector.extended) return;
    const { extended } = inner.selector;
    const allowed = extended === 'anchored' ? ANCHORED : SMOOTHED;
    if (!allowed.has(func)) {
      throw new PromqlSyntaxError(
        `${extended} modifier can only be used with: ${[...allowed].join(', ')} - not with ${func}`,
        inner.range,
      );
    }
  }

  private binary(expr: BinaryExpr): Checked {
    // Walk the left spine in a loop: a chain of operators is as deep as it is long.
    const spine: BinaryExpr[] = [];
    let node: Expr = expr;
    while (node.kind === 'binary') {
      spine.push(node);
      node = node.left;
    }
    let left = this.check(node);
    for (let i = spine.length - 1; i >= 0; i--) left = this.binaryNode(spine[i], left, this.check(spine[i].right));
    return left;
  }

  private binaryNode(expr: BinaryExpr, left: Checked, right: Checked): Checked<BinaryExpr> {
    const { operator } = expr;
    const at: TextRange = { start: expr.left.range.end, end: expr.right.range.start };
    const comparison = COMPARISONS.has(operator);
    if (expr.returnBool && !comparison) {
      throw new PromqlSyntaxError('bool modifier can only be used on comparison operators', at);
    }
    for (const [side, source] of [
      [left, expr.left],
      [right, expr.right],
    ] as const) {
      if (side.type !== 'scalar' && side.type !== 'vector') {
        throw new PromqlSyntaxError(
          `binary expression must contain only scalar and instant vector types, got ${typeName(side.type)}`,
          source.range,
        );
      }
    }
    const scalars = left.type === 'scalar' && right.type === 'scalar';
    if (comparison && !expr.returnBool && scalars) {
      throw new PromqlSyntaxError('comparisons between scalars must use BOOL modifier, like "1 < bool 2"', at);
    }
    if (SETS.has(operator) && (left.type === 'scalar' || right.type === 'scalar')) {
      throw new PromqlSyntaxError(
        `set operator ${JSON.stringify(operator)} not allowed in binary scalar expression`,
        expr.range,
      );
    }
    const both = left.type === 'vector' && right.type === 'vector';
    this.matching(expr, both, at);
    const { matching, ...rest } = expr;
    return {
      expr: { ...rest, left: left.expr, right: right.expr, ...(both && matching ? { matching } : {}) },
      type: scalars ? 'scalar' : 'vector',
    };
  }

  private matching(expr: BinaryExpr, vectors: boolean, at: TextRange): void {
    const { matching, operator } = expr;
    if (!matching) return;
    const filled = matching.fillLeft !== undefined || matching.fillRight !== undefined;
    if (filled) this.needExperimental('the fill modifier', at);
    const twice = matching.on ? matching.labels.find((label) => matching.include.includes(label)) : undefined;
    if (twice !== undefined) {
      throw new PromqlSyntaxError(`label ${JSON.stringify(twice)} must not occur in ON and GROUP clause at once`, at);
    }
    if (!vectors) {
      if (matching.labels.length > 0) {
        throw new PromqlSyntaxError('vector matching only allowed between instant vectors', at);
      }
      if (filled) {
        throw new PromqlSyntaxError('filling in missing series only allowed between instant vectors', at);
      }
      return;
    }
    if (!SETS.has(operator)) return;
    if (matching.card !== 'many-to-many') {
      throw new PromqlSyntaxError(`no grouping allowed for ${JSON.stringify(operator)} operation`, at);
    }
    if (filled) throw new PromqlSyntaxError('filling in missing series not allowed for set operators', at);
  }

  private expect(expr: Expr, want: ValueType, where: string): Expr {
    const { expr: checked, type } = this.check(expr);
    if (type !== want) {
      const hint =
        want === 'matrix' && type === 'vector'
          ? expr.kind === 'vector'
            ? '; a window follows the selector, like [5m]'
            : '; a window over an expression is a subquery, like [5m:]'
          : '';
      throw new PromqlSyntaxError(
        `expected type ${typeName(want)} in ${where}, got ${typeName(type)}${hint}`,
        expr.range,
      );
    }
    return checked;
  }

  private needExperimental(what: string, range: TextRange): void {
    if (this.experimental) return;
    throw new PromqlSyntaxError(`${what} is experimental and not enabled`, range);
  }
}
