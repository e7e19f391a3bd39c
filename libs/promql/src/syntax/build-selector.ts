import type { SyntaxNode } from '@lezer/common';
import { METRIC_NAME, type MatchOperator, type TextRange } from '@opsroom/contracts';
import { PromqlSyntaxError } from '../errors.js';
import type { Matcher } from '../model/matcher.js';
import type { VectorSelector } from './ast.js';
import { unquote } from './literals.js';
import { createMatcher } from './matchers.js';

/** The selector of a VectorSelector node; the name before the braces becomes the last matcher. */
export function buildSelector(node: SyntaxNode, text: string): VectorSelector {
  const identifier = node.getChild('Identifier');
  const name = identifier ? text.slice(identifier.from, identifier.to) : '';
  const matchers: Matcher[] = [];
  for (let child = node.getChild('LabelMatchers')?.firstChild ?? null; child; child = child.nextSibling) {
    matchers.push(buildMatcher(child, text));
  }
  if (name !== '') matchers.push(createMatcher(METRIC_NAME, '=', name));
  return { kind: 'vector', name, matchers, offset: 0, range: { start: node.from, end: node.to } };
}

function buildMatcher(node: SyntaxNode, text: string): Matcher {
  if (node.name === 'QuotedLabelName') return createMatcher(METRIC_NAME, '=', quotedName(node, text));
  const name = node.firstChild;
  const operator = node.getChild('MatchOp');
  const value = node.lastChild;
  const range: TextRange = { start: node.from, end: node.to };
  if (!name || !operator || !value) throw new PromqlSyntaxError('expected a label matcher', range);
  const valueRange: TextRange = { start: value.from, end: value.to };
  try {
    return createMatcher(
      name.name === 'QuotedLabelName' ? quotedName(name, text) : text.slice(name.from, name.to),
      text.slice(operator.from, operator.to) as MatchOperator,
      unquote(text.slice(value.from, value.to), valueRange),
    );
  } catch (error) {
    if (!(error instanceof PromqlSyntaxError)) throw error;
    // A bad regular expression knows no place of its own; a bad escape does.
    const placed = error.range.start >= name.from;
    throw new PromqlSyntaxError(error.message, placed ? error.range : valueRange);
  }
}

/** The labels of a GroupingLabels node, in order. */
export function buildLabels(list: SyntaxNode | null | undefined, text: string): string[] {
  const labels: string[] = [];
  for (let child = list?.firstChild ?? null; child; child = child.nextSibling) {
    if (child.name === 'LabelName') labels.push(text.slice(child.from, child.to));
    else if (child.name === 'QuotedLabelName') labels.push(quotedName(child, text));
  }
  return labels;
}

function quotedName(node: SyntaxNode, text: string): string {
  const range = { start: node.from, end: node.to };
  const name = unquote(text.slice(node.from, node.to), range);
  if (name === '') throw new PromqlSyntaxError('a name may not be empty', range);
  return name;
}
