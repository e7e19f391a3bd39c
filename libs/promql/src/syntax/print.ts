import { byCodePoint, METRIC_NAME, type MatcherSpec } from '@opsroom/contracts';
import type {
  AggregateExpr,
  AtModifier,
  BinaryExpr,
  Duration,
  DurationExpr,
  Expr,
  SubqueryExpr,
  VectorMatching,
  VectorSelector,
} from './ast.js';
import { printDuration } from './duration.js';

/**
 * Prints an expression as Prometheus's own String() does: one line, matchers sorted, parentheses as they were written.
 * Parsing the result gives an equal tree.
 */
export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'number':
      return expr.duration ? printDuration(expr.value * 1000) : printNumber(expr.value);
    case 'string':
      return quote(expr.value);
    case 'vector':
      return printSelector(expr) + printAt(expr.at) + printExtended(expr) + printOffset(expr.offset);
    case 'matrix': {
      const { selector, window } = expr;
      const tail = printExtended(selector) + printAt(selector.at) + printOffset(selector.offset);
      return `${printSelector(selector)}[${printDurationExpr(window)}]${tail}`;
    }
    case 'subquery':
      return printExpr(expr.expr) + printSubqueryTail(expr);
    case 'call':
      return `${expr.func}(${expr.args.map(printExpr).join(', ')})`;
    case 'aggregate': {
      const param = expr.param ? `${printExpr(expr.param)}, ` : '';
      return `${printAggregation(expr)}(${param}${printExpr(expr.expr)})`;
    }
    case 'binary':
      return printBinary(expr);
    case 'unary':
      return expr.operator + printExpr(expr.expr);
    case 'paren':
      return `(${printExpr(expr.expr)})`;
    case 'step-invariant':
      return printExpr(expr.expr);
  }
}

/** What follows the expression of a subquery: `[5m:1m] @ end() offset 1m`. */
export function printSubqueryTail(expr: SubqueryExpr): string {
  const step = expr.step === undefined ? '' : printDurationExpr(expr.step);
  return `[${printDurationExpr(expr.window)}:${step}]${printAt(expr.at)}${printOffset(expr.offset)}`;
}

/** `sum by (a, b) ` with its trailing space when there is a clause. */
export function printAggregation(expr: AggregateExpr): string {
  if (expr.without) return `${expr.operator} without (${printLabels(expr.grouping)}) `;
  return expr.grouping.length > 0 ? `${expr.operator} by (${printLabels(expr.grouping)}) ` : expr.operator;
}

/** The operator with its modifiers: `== bool on (a) group_left (b)`. */
export function printOperator(expr: BinaryExpr): string {
  return expr.operator + (expr.returnBool ? ' bool' : '') + (expr.matching ? printMatching(expr.matching) : '');
}

/** Loops down the left spine, since a chain of operators is as deep as it is long. */
function printBinary(expr: BinaryExpr): string {
  const tail: string[] = [];
  let node: Expr = expr;
  while (node.kind === 'binary') {
    tail.push(` ${printOperator(node)} ${printExpr(node.right)}`);
    node = node.left;
  }
  return printExpr(node) + tail.reverse().join('');
}

function printMatching(matching: VectorMatching): string {
  const grouped = matching.card === 'many-to-one' || matching.card === 'one-to-many';
  let text = '';
  if (matching.labels.length > 0 || matching.on || grouped) {
    text += ` ${matching.on ? 'on' : 'ignoring'} (${printLabels(matching.labels)})`;
  }
  if (grouped)
    text += ` group_${matching.card === 'many-to-one' ? 'left' : 'right'} (${printLabels(matching.include)})`;
  const { fillLeft, fillRight } = matching;
  if (fillLeft !== undefined && fillRight !== undefined && Object.is(fillLeft, fillRight)) {
    return `${text} fill (${printNumber(fillLeft)})`;
  }
  if (fillLeft !== undefined) text += ` fill_left (${printNumber(fillLeft)})`;
  if (fillRight !== undefined) text += ` fill_right (${printNumber(fillRight)})`;
  return text;
}

function printSelector(selector: VectorSelector): string {
  const matchers = selector.matchers
    .filter((m) => !(m.name === METRIC_NAME && m.operator === '=' && m.value === selector.name && m.value !== ''))
    .map(printMatcher)
    .sort(byCodePoint);
  return matchers.length > 0 ? `${selector.name}{${matchers.join(',')}}` : selector.name || '{}';
}

/** One matcher, `job=~"a|b"`; a name outside the classic characters is quoted. */
export function printMatcher(matcher: MatcherSpec): string {
  return `${printLabel(matcher.name)}${matcher.operator}${quote(matcher.value)}`;
}

function printAt(at: AtModifier | undefined): string {
  if (!at) return '';
  return at.kind === 'time' ? ` @ ${printSeconds(at.timeMs)}` : ` @ ${at.kind}()`;
}

/** Whole ms as seconds with three decimals, exactly. */
function printSeconds(ms: number): string {
  const whole = BigInt(Math.trunc(ms));
  const positive = whole < 0n ? -whole : whole;
  return `${whole < 0n ? '-' : ''}${positive / 1000n}.${String(positive % 1000n).padStart(3, '0')}`;
}

function printOffset(offset: Duration): string {
  return offset === 0 ? '' : ` offset ${printDurationExpr(offset)}`;
}

function printExtended(selector: VectorSelector): string {
  return selector.extended ? ` ${selector.extended}` : '';
}

/** A duration as it stands in brackets or after `offset`. */
export function printDurationExpr(duration: Duration): string {
  return typeof duration === 'number' ? printDuration(duration) : printDurationNode(duration);
}

function printDurationNode(expr: DurationExpr): string {
  switch (expr.kind) {
    case 'duration-number':
      return expr.duration ? printDuration(expr.seconds * 1000) : printNumber(expr.seconds);
    case 'duration-step':
      return 'step()';
    case 'duration-range':
      return 'range()';
    case 'duration-paren':
      return `(${printDurationNode(expr.inner)})`;
    case 'duration-unary':
      return expr.operator + printDurationNode(expr.operand);
    case 'duration-binary': {
      const left = printDurationNode(expr.left);
      const right = printDurationNode(expr.right);
      if (expr.operator === 'min' || expr.operator === 'max') return `${expr.operator}_of(${left}, ${right})`;
      return `${left} ${expr.operator} ${right}`;
    }
  }
}

function printLabels(labels: readonly string[]): string {
  return labels.map(printLabel).join(', ');
}

function printLabel(label: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(label) ? label : quote(label);
}

/** Decimal digits without an exponent, `+Inf`, `-Inf`, `NaN`: Go's FormatFloat with 'f' and -1. */
export function printNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const text = String(value);
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign, whole, fraction = '', exponent] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}

/** A double-quoted string as Go's strconv.Quote writes it. */
export function quote(value: string): string {
  let text = '"';
  for (const c of value) {
    const code = c.codePointAt(0) ?? 0;
    if (c === '"' || c === '\\') text += `\\${c}`;
    else if (ESCAPES[c] !== undefined) text += ESCAPES[c];
    else if (code < 0x20 || code === 0x7f) text += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code <= 0xffff && !/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(c))
      text += `\\u${code.toString(16).padStart(4, '0')}`;
    else if (code > 0xffff && !/[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(c))
      text += `\\U${code.toString(16).padStart(8, '0')}`;
    else text += c;
  }
  return `${text}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};
