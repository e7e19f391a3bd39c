/**
 * The grammar package gives modifiers that follow an expression (`offset`, `@`, ranges, `anchored`) the lowest
 * precedence and takes a sign into its number: it reads `a + b offset 5m` as `(a + b) offset 5m` and `-1^2` as `(-1)^2`.
 * So its tree is taken apart again into operands and operators in the order of the text, and build.ts puts them
 * together by Prometheus's precedences.
 */
import type { SyntaxNode } from '@lezer/common';

export type Item =
  /** A number without its sign, or any node that stands for itself. */
  | { readonly kind: 'number'; readonly start: number; readonly end: number }
  | { readonly kind: 'operand'; readonly node: SyntaxNode }
  | { readonly kind: 'prefix'; readonly operator: '+' | '-'; readonly start: number }
  /** `node` is the BinaryExpr, whose modifiers it holds. */
  | { readonly kind: 'infix'; readonly node: SyntaxNode; readonly operator: string }
  /** `node` is the OffsetExpr, StepInvariantExpr, MatrixSelector, …; its first child is not looked at. */
  | { readonly kind: 'postfix'; readonly node: SyntaxNode };

const POSTFIX = new Set([
  'OffsetExpr',
  'StepInvariantExpr',
  'MatrixSelector',
  'SubqueryExpr',
  'AnchoredExpr',
  'SmoothedExpr',
]);

/** Operands and operators of an expression in the order of the text; what stands in parentheses stays whole. */
export function flatten(top: SyntaxNode, text: string): Item[] {
  const items: Item[] = [];
  // Work list instead of recursion: a chain of operators makes a tree as deep as it is long.
  const todo: (SyntaxNode | Item)[] = [top];
  for (let next = todo.pop(); next; next = todo.pop()) {
    if ('kind' in next) {
      items.push(next);
      continue;
    }
    const { firstChild, lastChild, name } = next;
    if (name === 'BinaryExpr' && firstChild?.nextSibling && lastChild) {
      const sign = firstChild.nextSibling;
      const operator = text.slice(sign.from, sign.to).toLowerCase();
      todo.push(lastChild, { kind: 'infix', node: next, operator }, firstChild);
    } else if (name === 'UnaryExpr' && lastChild) {
      todo.push(lastChild);
      items.push({ kind: 'prefix', operator: text[next.from] === '-' ? '-' : '+', start: next.from });
    } else if (name === 'NumberDurationLiteral') {
      items.push(...numberItems(next, text));
    } else if (POSTFIX.has(name) && firstChild) {
      todo.push({ kind: 'postfix', node: next }, firstChild);
    } else {
      items.push({ kind: 'operand', node: next });
    }
  }
  return items;
}

function numberItems(node: SyntaxNode, text: string): Item[] {
  const sign = text[node.from];
  const number: Item = { kind: 'number', start: numberStart(node, text), end: node.to };
  return sign === '-' || sign === '+' ? [{ kind: 'prefix', operator: sign, start: node.from }, number] : [number];
}

/** Where the digits of a NumberDurationLiteral begin, after its sign and what may stand between. */
export function numberStart(node: SyntaxNode, text: string): number {
  const lead = /^(?:[-+](?:[ \t\r\n]|#[^\r\n]*)*)?/.exec(text.slice(node.from, node.to))?.[0] ?? '';
  return node.from + lead.length;
}
