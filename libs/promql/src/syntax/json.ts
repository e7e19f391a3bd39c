import type { Matcher } from '../model/matcher.js';
import type { AtModifier, Duration, Expr, VectorMatching, VectorSelector } from './ast.js';
import { functions } from './functions.js';
import { printNumber } from './print.js';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
type JsonObject = Readonly<Record<string, JsonValue>>;

/**
 * The tree as Prometheus's /api/v1/parse_query shows it in `data`: durations in ms (0 where they are computed), matchers
 * with the metric name among them, `null` for what is absent.
 */
export function exprToJson(expr: Expr): JsonObject {
  switch (expr.kind) {
    case 'number':
      return { type: 'numberLiteral', val: printNumber(expr.value) };
    case 'string':
      return { type: 'stringLiteral', val: expr.value };
    case 'vector':
      return { type: 'vectorSelector', ...selectorToJson(expr) };
    case 'matrix':
      return { type: 'matrixSelector', range: constant(expr.window), ...selectorToJson(expr.selector) };
    case 'subquery':
      return {
        type: 'subquery',
        expr: exprToJson(expr.expr),
        range: constant(expr.window),
        offset: constant(expr.offset),
        step: expr.step === undefined ? 0 : constant(expr.step),
        ...atToJson(expr.at),
      };
    case 'call':
      return { type: 'call', func: functionToJson(expr.func), args: expr.args.map(exprToJson) };
    case 'aggregate':
      return {
        type: 'aggregation',
        op: expr.operator,
        expr: exprToJson(expr.expr),
        param: expr.param ? exprToJson(expr.param) : null,
        grouping: expr.grouping,
        without: expr.without,
      };
    case 'binary':
      return {
        type: 'binaryExpr',
        op: expr.operator,
        lhs: exprToJson(expr.left),
        rhs: exprToJson(expr.right),
        matching: expr.matching ? matchingToJson(expr.matching) : null,
        bool: expr.returnBool,
      };
    case 'unary':
      return { type: 'unaryExpr', op: expr.operator, expr: exprToJson(expr.expr) };
    case 'paren':
      return { type: 'parenExpr', expr: exprToJson(expr.expr) };
    case 'step-invariant':
      return exprToJson(expr.expr);
  }
}

function constant(duration: Duration): number {
  return typeof duration === 'number' ? duration : 0;
}

function atToJson(at: AtModifier | undefined): JsonObject {
  return {
    timestamp: at?.kind === 'time' ? at.timeMs : null,
    startOrEnd: at && at.kind !== 'time' ? at.kind : null,
  };
}

function selectorToJson(selector: VectorSelector): JsonObject {
  return {
    name: selector.name,
    offset: constant(selector.offset),
    matchers: selector.matchers.map(matcherToJson),
    ...atToJson(selector.at),
    anchored: selector.extended === 'anchored',
    smoothed: selector.extended === 'smoothed',
  };
}

function matcherToJson({ name, operator, value }: Matcher): JsonObject {
  return { name, value, type: operator };
}

function matchingToJson(matching: VectorMatching): JsonObject {
  return {
    card: matching.card,
    labels: matching.labels,
    on: matching.on,
    include: matching.include,
    fillValues: { lhs: finite(matching.fillLeft), rhs: finite(matching.fillRight) },
  };
}

/** JSON has no NaN or infinity. */
function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** Prometheus's form of a signature: `variadic` is how many more arguments than listed less one, -1 for any number. */
function functionToJson(name: string): JsonObject {
  const signature = functions.get(name);
  if (!signature) return { name, argTypes: [], variadic: 0, returnType: 'vector' };
  const { args, min, max, result } = signature;
  // A last argument that has to be there and may come again is listed twice.
  const argTypes = min === args.length && max > min ? [...args, args[args.length - 1]] : args;
  const variadic = max === Infinity ? -1 : max === min ? 0 : max - argTypes.length + 1;
  return { name, argTypes, variadic, returnType: result };
}
