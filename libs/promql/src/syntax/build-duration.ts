import type { SyntaxNode } from '@lezer/common';
import type { TextRange } from '@opsroom/contracts';
import { PromqlSyntaxError } from '../errors.js';
import type { Duration, DurationExpr } from './ast.js';
import { MAX_DURATION_MS } from './duration.js';
import { durationSeconds } from './duration-literal.js';
import { parseNumber } from './literals.js';

type Operator = Extract<DurationExpr, { kind: 'duration-binary' }>['operator'];

/**
 * The duration of a DurationExpr or OffsetDurationExpr node: ms for a literal with at most signs before it, an
 * expression otherwise. Windows and steps must be positive; expressions are checked when the query gives them a value.
 * Throws PromqlSyntaxError.
 */
export function buildDuration(node: SyntaxNode, text: string, role: 'window' | 'step' | 'offset'): Duration {
  const expr = build(node, text);
  if (expr.kind !== 'duration-number') return expr;
  const ms = expr.seconds * 1000;
  if (!(Math.abs(ms) <= MAX_DURATION_MS)) throw new PromqlSyntaxError('duration out of range', expr.range);
  // Whole ms, cut towards zero as Go's conversion to an integer does.
  const whole = Math.trunc(Number(ms.toFixed(6)));
  if (role !== 'offset' && whole <= 0) {
    throw new PromqlSyntaxError('duration must be greater than 0', expr.range);
  }
  return whole === 0 ? 0 : whole;
}

function build(node: SyntaxNode, text: string): DurationExpr {
  const range: TextRange = { start: node.from, end: node.to };
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  if (node.name === 'NumberDurationLiteralInDurationContext') return literal(text.slice(node.from, node.to), range);

  // Prefer what the tree names; parentheses and commas leave no node of their own.
  const [head] = children;
  const parts = children.filter(isDuration);
  if (head?.name === 'UnaryOp') return unary(text.slice(head.from, head.to) as '+' | '-', build(parts[0], text), range);
  if (head?.name === 'DurationStep') return { kind: 'duration-step', range };
  if (head?.name === 'DurationRange') return { kind: 'duration-range', range };
  if (head?.name === 'DurationMinOf' || head?.name === 'DurationMaxOf') {
    const operator = head.name === 'DurationMinOf' ? 'min' : 'max';
    return { kind: 'duration-binary', operator, left: build(parts[0], text), right: build(parts[1], text), range };
  }
  if (parts.length === 2) {
    const operator = children[1];
    const left = build(parts[0], text);
    const right = build(parts[1], text);
    return {
      kind: 'duration-binary',
      operator: text.slice(operator.from, operator.to) as Operator,
      left,
      right,
      range,
    };
  }
  const inner = build(parts[0], text);
  return text[node.from] === '(' ? { kind: 'duration-paren', inner, range } : inner;
}

function unary(operator: '+' | '-', operand: DurationExpr, range: TextRange): DurationExpr {
  if (operand.kind !== 'duration-number') return { kind: 'duration-unary', operator, operand, range };
  return { ...operand, seconds: operator === '-' ? -operand.seconds : operand.seconds, range };
}

function literal(text: string, range: TextRange): DurationExpr {
  const seconds = durationSeconds(text, range);
  return seconds === undefined
    ? { kind: 'duration-number', seconds: parseNumber(text), duration: false, range }
    : { kind: 'duration-number', seconds, duration: true, range };
}

function isDuration(node: SyntaxNode): boolean {
  return (
    node.name === 'DurationExpr' ||
    node.name === 'OffsetDurationExpr' ||
    node.name === 'NumberDurationLiteralInDurationContext'
  );
}
