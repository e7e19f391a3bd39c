/** From the grammar package's tree to ours. What a tree's shape can't tell (types, arity, switches) is left to check.ts. */
import type { SyntaxNode } from '@lezer/common';
import type { TextRange } from '@opsroom/contracts';
import { PromqlSyntaxError } from '../errors.js';
import type { AggregateExpr, BinaryOperator, Expr, NumberLiteral, SubqueryExpr, VectorMatching } from './ast.js';
import { buildDuration } from './build-duration.js';
import { buildLabels, buildSelector } from './build-selector.js';
import { durationSeconds } from './duration-literal.js';
import { flatten, type Item, numberStart } from './flatten.js';
import { parseNumber, unquote } from './literals.js';
import { KEYWORD_CALLS } from './scan.js';
import { applyAt, applyExtended, applyOffset, applyWindow } from './modifiers.js';

/** Deepest tree that is built: whoever walks it may do so recursively. */
const MAX_DEPTH = 1000;

const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  ...{ or: 1, and: 2, unless: 2 },
  ...{ '==': 3, '!=': 3, '<': 3, '<=': 3, '>': 3, '>=': 3, '</': 3, '>/': 3 },
  ...{ '+': 4, '-': 4 },
  ...{ '*': 5, '/': 5, '%': 5, atan2: 5 },
  '^': 6,
};
/** A sign binds like `*`: weaker than `^`. */
const SIGNED = 6;

/** Builds the tree of an expression node. Throws PromqlSyntaxError. */
export function buildExpr(node: SyntaxNode, text: string): Expr {
  return new Builder(text).whole(node, 0);
}

class Builder {
  constructor(private readonly text: string) {}

  whole(node: SyntaxNode, depth: number): Expr {
    if (depth > MAX_DEPTH) throw tooDeep(rangeOf(node));
    const cursor = new Cursor(flatten(node, this.text), rangeOf(node));
    return this.operators(cursor, 1, depth);
  }

  /** Precedence climbing: everything from the cursor on that binds at least as close as `least`. */
  private operators(cursor: Cursor, least: number, depth: number): Expr {
    let left = this.operand(cursor, depth);
    let height = depth;
    for (let next = cursor.peek(); next?.kind === 'infix'; next = cursor.peek()) {
      const operator = next.operator as BinaryOperator;
      const precedence = PRECEDENCE[operator];
      if (precedence < least) break;
      cursor.take();
      // Left-associative chains grow upwards, so what counts is how long they are.
      if (++height > MAX_DEPTH) throw tooDeep(left.range);
      const right = this.operators(cursor, operator === '^' ? precedence : precedence + 1, height);
      left = {
        kind: 'binary',
        operator,
        left,
        right,
        returnBool: next.node.getChild('BoolModifier') !== null,
        matching: this.matching(next.node, operator),
        range: { start: left.range.start, end: right.range.end },
      };
    }
    return left;
  }

  private operand(cursor: Cursor, depth: number): Expr {
    const item = cursor.take();
    if (item.kind === 'prefix') {
      if (depth >= MAX_DEPTH) throw tooDeep(cursor.range);
      const expr = this.operators(cursor, SIGNED, depth + 1);
      const range = { start: item.start, end: expr.range.end };
      if (expr.kind !== 'number') return { kind: 'unary', operator: item.operator, expr, range };
      return { ...expr, value: item.operator === '-' ? -expr.value : expr.value, range };
    }
    let expr = item.kind === 'number' ? this.number(item.start, item.end) : this.primary(item, depth, cursor.range);
    for (let next = cursor.peek(); next?.kind === 'postfix'; next = cursor.peek()) {
      cursor.take();
      expr = this.postfix(expr, next.node);
    }
    return expr;
  }

  private primary(item: Item, depth: number, around: TextRange): Expr {
    if (item.kind !== 'operand') throw new PromqlSyntaxError('expression expected', around);
    const { node } = item;
    const range = rangeOf(node);
    switch (node.name) {
      case 'StringLiteral':
        return { kind: 'string', value: unquote(this.slice(node), range), range };
      case 'VectorSelector':
        return buildSelector(node, this.text);
      case 'ParenExpr':
        return { kind: 'paren', expr: this.whole(first(node), depth + 1), range };
      case 'FunctionCall': {
        const args = this.args(node, depth);
        const name = this.slice(first(node));
        const lower = name.toLowerCase();
        return { kind: 'call', func: KEYWORD_CALLS.has(lower) ? lower : name, args, range };
      }
      case 'AggregateExpr':
        return this.aggregate(node, depth);
      default:
        throw new PromqlSyntaxError(`unexpected ${JSON.stringify(this.slice(node))}`, range);
    }
  }

  private postfix(expr: Expr, node: SyntaxNode): Expr {
    const range: TextRange = { start: expr.range.start, end: node.to };
    const modifier = last(node);
    switch (node.name) {
      case 'OffsetExpr':
        return applyOffset(expr, buildDuration(modifier, this.text, 'offset'), range);
      case 'StepInvariantExpr':
        return this.at(expr, modifier, range);
      case 'MatrixSelector':
        return applyWindow(expr, buildDuration(modifier, this.text, 'window'), range);
      case 'SubqueryExpr':
        return this.subquery(expr, node, range);
      case 'AnchoredExpr':
        return applyExtended(expr, 'anchored', range);
      default:
        return applyExtended(expr, 'smoothed', range);
    }
  }

  private at(expr: Expr, modifier: SyntaxNode, range: TextRange): Expr {
    if (modifier.name === 'AtModifierPreprocessors') {
      return applyAt(expr, { kind: modifier.getChild('AtStart') ? 'start' : 'end' }, range);
    }
    const seconds = this.signedNumber(modifier);
    if (!Number.isFinite(seconds) || Math.abs(seconds) >= 2 ** 63) {
      throw new PromqlSyntaxError('timestamp out of bounds for @ modifier', rangeOf(modifier));
    }
    return applyAt(expr, { kind: 'time', timeMs: roundHalfAway(seconds * 1000) }, range);
  }

  private subquery(expr: Expr, node: SyntaxNode, range: TextRange): SubqueryExpr {
    const [window, step] = node.getChildren('DurationExpr');
    return {
      kind: 'subquery',
      expr,
      window: buildDuration(window, this.text, 'window'),
      ...(step ? { step: buildDuration(step, this.text, 'step') } : {}),
      offset: 0,
      range,
    };
  }

  private aggregate(node: SyntaxNode, depth: number): AggregateExpr {
    const operator = this.slice(first(node)).toLowerCase();
    const modifier = node.getChild('AggregateModifier');
    const args = this.args(node, depth);
    const expr = args.at(-1);
    const range = rangeOf(node);
    if (!expr) throw new PromqlSyntaxError('no arguments for aggregate expression provided', range);
    if (args.length > 2) {
      throw new PromqlSyntaxError(`${operator} takes at most 2 arguments, got ${args.length}`, range);
    }
    return {
      kind: 'aggregate',
      operator,
      expr,
      ...(args.length === 2 ? { param: args[0] } : {}),
      without: modifier?.getChild('Without') != null,
      grouping: buildLabels(modifier?.getChild('GroupingLabels'), this.text),
      range,
    };
  }

  /** As written; check.ts drops it where an operand is no vector. */
  private matching(node: SyntaxNode, operator: BinaryOperator): VectorMatching {
    const clause = node.getChild('MatchingModifierClause');
    const fills = node.getChild('FillModifier');
    const [labels, include] = clause?.getChildren('GroupingLabels') ?? [];
    const set = operator === 'and' || operator === 'or' || operator === 'unless';
    const fill = (name: string): number | undefined => {
      const literal = fills?.getChild(name)?.getChild('NumberDurationLiteral');
      return literal ? this.signedNumber(literal) : undefined;
    };
    const both = fill('FillClause');
    const fillLeft = both ?? fill('FillLeftClause');
    const fillRight = both ?? fill('FillRightClause');
    return {
      card: clause?.getChild('GroupLeft')
        ? 'many-to-one'
        : clause?.getChild('GroupRight')
          ? 'one-to-many'
          : set
            ? 'many-to-many'
            : 'one-to-one',
      labels: buildLabels(labels, this.text),
      on: clause?.getChild('On') != null,
      include: buildLabels(include, this.text),
      ...(fillLeft === undefined ? {} : { fillLeft }),
      ...(fillRight === undefined ? {} : { fillRight }),
    };
  }

  private args(node: SyntaxNode, depth: number): Expr[] {
    const args: Expr[] = [];
    for (let child = node.getChild('FunctionCallBody')?.firstChild ?? null; child; child = child.nextSibling) {
      args.push(this.whole(child, depth + 1));
    }
    return args;
  }

  private number(start: number, end: number): NumberLiteral {
    const range = { start, end };
    const text = this.text.slice(start, end);
    const seconds = durationSeconds(text, range);
    return seconds === undefined
      ? { kind: 'number', value: parseNumber(text), duration: false, range }
      : { kind: 'number', value: seconds, duration: true, range };
  }

  private signedNumber(node: SyntaxNode): number {
    const { value } = this.number(numberStart(node, this.text), node.to);
    return this.text[node.from] === '-' ? -value : value;
  }

  private slice(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }
}

class Cursor {
  private index = 0;

  constructor(
    private readonly items: readonly Item[],
    readonly range: TextRange,
  ) {}

  peek(): Item | undefined {
    return this.items[this.index];
  }

  take(): Item {
    const item = this.items[this.index++];
    if (!item) throw new PromqlSyntaxError('expression expected', this.range);
    return item;
  }
}

/** Rounds halves away from zero, as Go's math.Round. */
function roundHalfAway(x: number): number {
  return Math.sign(x) * Math.round(Math.abs(x));
}

function tooDeep(range: TextRange): PromqlSyntaxError {
  return new PromqlSyntaxError(`the expression is nested more than ${MAX_DEPTH} deep`, range);
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
