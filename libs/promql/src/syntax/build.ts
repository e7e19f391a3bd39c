/** From the grammar package's tree to ours. What the tree's shape alone can't tell (types, arity) is left to check.ts. */
import type { SyntaxNode } from '@lezer/common';
import type { MatchOperator, TextRange } from '@opsroom/contracts';
import { METRIC_NAME } from '@opsroom/contracts';
import { PromqlSyntaxError } from '../errors.js';
import type { Matcher } from '../model/matcher.js';
import type {
  AggregateExpr,
  BinaryExpr,
  BinaryOperator,
  Call,
  Expr,
  MatrixSelector,
  SubqueryExpr,
  VectorMatching,
  VectorSelector,
} from './ast.js';
import { buildDuration } from './build-duration.js';
import { durationSeconds } from './duration-literal.js';
import { parseNumber, unquote } from './literals.js';
import { createMatcher } from './matchers.js';
import { applyAt, applyExtended, applyOffset } from './modifiers.js';

/** Deepest tree that is built: whoever walks it does so recursively. */
const MAX_DEPTH = 1000;

/** Builds the tree of an expression node. Throws PromqlSyntaxError. */
export function buildExpr(node: SyntaxNode, text: string): Expr {
  return new Builder(text).expr(node, 0);
}

class Builder {
  constructor(private readonly text: string) {}

  expr(node: SyntaxNode, depth: number): Expr {
    if (depth > MAX_DEPTH)
      throw new PromqlSyntaxError(`the expression is nested more than ${MAX_DEPTH} deep`, rangeOf(node));
    switch (node.name) {
      case 'BinaryExpr':
        return this.binary(node, depth);
      case 'NumberDurationLiteral':
        return this.number(node);
      case 'StringLiteral':
        return { kind: 'string', value: unquote(this.slice(node), rangeOf(node)), range: rangeOf(node) };
      case 'VectorSelector':
        return this.vectorSelector(node);
      case 'FunctionCall':
        return this.call(node, depth);
      case 'AggregateExpr':
        return this.aggregate(node, depth);
      case 'ParenExpr':
        return { kind: 'paren', expr: this.expr(first(node), depth + 1), range: rangeOf(node) };
      case 'UnaryExpr':
        return this.unary(node, depth);
      case 'MatrixSelector':
        return this.matrix(node, depth);
      case 'SubqueryExpr':
        return this.subquery(node, depth);
      case 'OffsetExpr': {
        const offset = buildDuration(last(node), this.text, 'offset');
        return applyOffset(this.expr(first(node), depth + 1), offset, rangeOf(node));
      }
      case 'StepInvariantExpr':
        return this.at(node, depth);
      case 'AnchoredExpr':
        return applyExtended(this.expr(first(node), depth + 1), 'anchored', rangeOf(node));
      case 'SmoothedExpr':
        return applyExtended(this.expr(first(node), depth + 1), 'smoothed', rangeOf(node));
      default:
        throw new PromqlSyntaxError(`unexpected ${JSON.stringify(this.slice(node))}`, rangeOf(node));
    }
  }

  /** A chain of left-associative operators is as deep as it is long, so its spine is walked in a loop. */
  private binary(top: SyntaxNode, depth: number): Expr {
    const spine: SyntaxNode[] = [];
    let node = top;
    while (node.name === 'BinaryExpr') {
      spine.push(node);
      node = first(node);
    }
    if (depth + spine.length > MAX_DEPTH) {
      throw new PromqlSyntaxError(`more than ${MAX_DEPTH} operators follow one another`, rangeOf(top));
    }
    let left = this.expr(node, depth + spine.length);
    for (let i = spine.length - 1; i >= 0; i--) {
      const binary = spine[i];
      const operator = this.operator(binary);
      const right = this.expr(last(binary), depth + i + 1);
      // The package takes a sign into the literal, but a power binds closer: -1^2 is -(1^2).
      if (operator === '^' && left.kind === 'number' && /[-+]/.test(this.text[left.range.start])) {
        const sign = this.text[left.range.start] as '+' | '-';
        const literal = first(binary);
        const base = this.number(literal, 1);
        const range = { start: base.range.start, end: binary.to };
        left = {
          kind: 'unary',
          operator: sign,
          expr: { kind: 'binary', operator, left: base, right, returnBool: false, range },
          range: rangeOf(binary),
        };
        continue;
      }
      left = this.binaryNode(binary, operator, left, right);
    }
    return left;
  }

  private binaryNode(node: SyntaxNode, operator: BinaryOperator, left: Expr, right: Expr): BinaryExpr {
    return {
      kind: 'binary',
      operator,
      left,
      right,
      returnBool: node.getChild('BoolModifier') !== null,
      matching: this.matching(node, operator),
      range: rangeOf(node),
    };
  }

  private operator(node: SyntaxNode): BinaryOperator {
    const operator = first(node).nextSibling;
    if (!operator) throw new PromqlSyntaxError('operator expected', rangeOf(node));
    return this.slice(operator).toLowerCase() as BinaryOperator;
  }

  /** As written; check.ts drops it where an operand is no vector. */
  private matching(node: SyntaxNode, operator: BinaryOperator): VectorMatching {
    const clause = node.getChild('MatchingModifierClause');
    const fills = node.getChild('FillModifier');
    const set = operator === 'and' || operator === 'or' || operator === 'unless';
    const left = clause?.getChild('GroupLeft');
    const right = clause?.getChild('GroupRight');
    const lists = clause?.getChildren('GroupingLabels') ?? [];
    const fill = (name: string): number | undefined => {
      const literal = fills?.getChild(name)?.getChild('NumberDurationLiteral');
      return literal ? this.number(literal).value : undefined;
    };
    const both = fill('FillClause');
    const fillLeft = both ?? fill('FillLeftClause');
    const fillRight = both ?? fill('FillRightClause');
    return {
      card: left ? 'many-to-one' : right ? 'one-to-many' : set ? 'many-to-many' : 'one-to-one',
      labels: lists.length > 0 ? this.labels(lists[0]) : [],
      on: clause?.getChild('On') != null,
      include: lists.length > 1 ? this.labels(lists[1]) : [],
      ...(fillLeft === undefined ? {} : { fillLeft }),
      ...(fillRight === undefined ? {} : { fillRight }),
    };
  }

  private labels(list: SyntaxNode): string[] {
    const labels: string[] = [];
    for (let child = list.firstChild; child; child = child.nextSibling) {
      if (child.name === 'LabelName') labels.push(this.slice(child));
      else if (child.name === 'QuotedLabelName') labels.push(this.quotedName(child));
    }
    return labels;
  }

  private quotedName(node: SyntaxNode): string {
    const name = unquote(this.slice(node), rangeOf(node));
    if (name === '') throw new PromqlSyntaxError('a name may not be empty', rangeOf(node));
    return name;
  }

  /** `skip`: characters at the start to leave out, for a sign that belongs to somebody else. */
  private number(node: SyntaxNode, skip = 0): Extract<Expr, { kind: 'number' }> {
    const whole = this.slice(node);
    const digits = whole
      .slice(skip)
      .replace(/^[-+](?:[ \t\r\n]|#[^\r\n]*)*/, '')
      .trim();
    const sign = skip === 0 && whole.startsWith('-') ? -1 : 1;
    const range = { start: node.to - whole.slice(skip).trimStart().length, end: node.to };
    const seconds = durationSeconds(digits, range);
    return seconds === undefined
      ? { kind: 'number', value: sign * parseNumber(digits), duration: false, range }
      : { kind: 'number', value: sign * seconds, duration: true, range };
  }

  private unary(node: SyntaxNode, depth: number): Expr {
    const operator = this.slice(first(node)) as '+' | '-';
    const expr = this.expr(last(node), depth + 1);
    if (expr.kind === 'number') {
      return { ...expr, value: operator === '-' ? -expr.value : expr.value, range: rangeOf(node) };
    }
    return { kind: 'unary', operator, expr, range: rangeOf(node) };
  }

  private vectorSelector(node: SyntaxNode): VectorSelector {
    const identifier = node.getChild('Identifier');
    const name = identifier ? this.slice(identifier) : '';
    const matchers: Matcher[] = [];
    for (let child = node.getChild('LabelMatchers')?.firstChild ?? null; child; child = child.nextSibling) {
      const matcher = this.matcher(child);
      if (matcher) matchers.push(matcher);
    }
    if (name !== '') matchers.push(createMatcher(METRIC_NAME, '=', name));
    return { kind: 'vector', name, matchers, offset: 0, range: rangeOf(node) };
  }

  private matcher(node: SyntaxNode): Matcher | undefined {
    if (node.name === 'QuotedLabelName') return createMatcher(METRIC_NAME, '=', this.quotedName(node));
    if (node.name !== 'UnquotedLabelMatcher' && node.name !== 'QuotedLabelMatcher') return undefined;
    const nameNode = first(node);
    const name = nameNode.name === 'QuotedLabelName' ? this.quotedName(nameNode) : this.slice(nameNode);
    const operator = node.getChild('MatchOp');
    const valueNode = last(node);
    const value = unquote(this.slice(valueNode), rangeOf(valueNode));
    try {
      return createMatcher(name, (operator ? this.slice(operator) : '=') as MatchOperator, value);
    } catch (error) {
      if (error instanceof PromqlSyntaxError) throw new PromqlSyntaxError(error.message, rangeOf(valueNode));
      throw error;
    }
  }

  private args(body: SyntaxNode | null, depth: number): Expr[] {
    const args: Expr[] = [];
    for (let child = body?.firstChild ?? null; child; child = child.nextSibling) {
      args.push(this.expr(child, depth + 1));
    }
    return args;
  }

  private call(node: SyntaxNode, depth: number): Call {
    return {
      kind: 'call',
      func: this.slice(first(node)),
      args: this.args(node.getChild('FunctionCallBody'), depth),
      range: rangeOf(node),
    };
  }

  private aggregate(node: SyntaxNode, depth: number): AggregateExpr {
    const operator = this.slice(first(node)).toLowerCase();
    const modifier = node.getChild('AggregateModifier');
    const labels = modifier?.getChild('GroupingLabels');
    const args = this.args(node.getChild('FunctionCallBody'), depth);
    const expr = args.at(-1);
    if (!expr) throw new PromqlSyntaxError('no arguments for aggregate expression provided', rangeOf(node));
    if (args.length > 2) {
      const got = args.length;
      throw new PromqlSyntaxError(`${operator} takes at most 2 arguments, got ${got}`, rangeOf(node));
    }
    return {
      kind: 'aggregate',
      operator,
      expr,
      ...(args.length === 2 ? { param: args[0] } : {}),
      without: modifier?.getChild('Without') != null,
      grouping: labels ? this.labels(labels) : [],
      range: rangeOf(node),
    };
  }

  private matrix(node: SyntaxNode, depth: number): MatrixSelector {
    const selector = this.expr(first(node), depth + 1);
    const window = buildDuration(last(node), this.text, 'window');
    const brackets: TextRange = { start: selector.range.end, end: node.to };
    if (selector.kind !== 'vector') {
      throw new PromqlSyntaxError(
        'ranges only allowed for vector selectors; a subquery over an expression is written [5m:]',
        brackets,
      );
    }
    if (selector.offset !== 0) throw new PromqlSyntaxError('no offset modifiers allowed before range', brackets);
    if (selector.at) throw new PromqlSyntaxError('no @ modifiers allowed before range', brackets);
    if (selector.extended) {
      throw new PromqlSyntaxError(`the ${selector.extended} modifier stands after the range`, brackets);
    }
    return { kind: 'matrix', selector, window, range: rangeOf(node) };
  }

  private subquery(node: SyntaxNode, depth: number): SubqueryExpr {
    const durations = node.getChildren('DurationExpr');
    const step = durations.length > 1 ? buildDuration(durations[1], this.text, 'step') : undefined;
    return {
      kind: 'subquery',
      expr: this.expr(first(node), depth + 1),
      window: buildDuration(durations[0], this.text, 'window'),
      ...(step === undefined ? {} : { step }),
      offset: 0,
      range: rangeOf(node),
    };
  }

  private at(node: SyntaxNode, depth: number): Expr {
    const expr = this.expr(first(node), depth + 1);
    const modifier = last(node);
    if (modifier.name === 'AtModifierPreprocessors') {
      const kind = modifier.getChild('AtStart') ? 'start' : 'end';
      return applyAt(expr, { kind }, rangeOf(node));
    }
    const seconds = this.number(modifier).value;
    if (!Number.isFinite(seconds) || Math.abs(seconds) >= 2 ** 63) {
      throw new PromqlSyntaxError('timestamp out of bounds for @ modifier', rangeOf(modifier));
    }
    return applyAt(expr, { kind: 'time', timeMs: roundHalfAway(seconds * 1000) }, rangeOf(node));
  }

  private slice(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }
}

/** Rounds halves away from zero, as Go's math.Round. */
function roundHalfAway(x: number): number {
  return Math.sign(x) * Math.round(Math.abs(x));
}

function rangeOf(node: SyntaxNode): TextRange {
  return { start: node.from, end: node.to };
}

function first(node: SyntaxNode): SyntaxNode {
  if (!node.firstChild) throw new PromqlSyntaxError('expression expected', rangeOf(node));
  return node.firstChild;
}

function last(node: SyntaxNode): SyntaxNode {
  if (!node.lastChild) throw new PromqlSyntaxError('expression expected', rangeOf(node));
  return node.lastChild;
}
