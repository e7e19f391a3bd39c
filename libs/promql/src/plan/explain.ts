import { formatFixed, quote } from '../evaluate/numbers.js';
import type { Duration } from '../syntax/ast.js';
import { durationKey } from './durations.js';
import { childrenOf, type Plan, type PlanNode, type Shift } from './nodes.js';

/**
 * A plan as text, one node a line, children indented below their parent. A node that several parents share is written out
 * once as `#3 …` and named `= #3` after that; `once` marks what is computed once for all steps. `note` may add a word to a node.
 */
export function explain(plan: Plan, note: (node: PlanNode) => string | undefined = () => undefined): string {
  const lines: string[] = [];
  const written = new Set<number>();
  const write = (node: PlanNode, depth: number, insideOnce: boolean): void => {
    const indent = '  '.repeat(depth);
    const shared = plan.uses[node.id] > 1 && node.kind !== 'number' && node.kind !== 'string';
    if (shared && written.has(node.id)) {
      lines.push(`${indent}= #${node.id}`);
      return;
    }
    written.add(node.id);
    const once = node.invariant && !insideOnce && node.kind !== 'number' && node.kind !== 'string';
    const noted = note(node);
    lines.push(
      `${indent}${shared ? `#${node.id} ` : ''}${describe(node)}${once ? ' once' : ''}${noted === undefined ? '' : ` ${noted}`}`,
    );
    const children = node.kind === 'window' ? [] : childrenOf(node);
    for (const child of children) write(child, depth + 1, insideOnce || node.invariant);
  };
  write(plan.root, 0, false);
  return `${lines.join('\n')}\n`;
}

function describe(node: PlanNode): string {
  switch (node.kind) {
    case 'number':
      return formatFixed(node.value);
    case 'string':
      return quote(node.value);
    case 'select': {
      const matchers = node.matchers.map(({ name, operator, value }) => `${name}${operator}${quote(value)}`);
      return `select {${matchers.join(', ')}}${node.extended === undefined ? '' : ` ${node.extended}`}${shift(node.shift)}`;
    }
    case 'window':
      return `${describe(node.select)} over ${duration(node.window)}`;
    case 'subquery':
      return `subquery over ${duration(node.window)} every ${node.step === undefined ? 'default step' : duration(node.step)}${shift(node.shift)}`;
    case 'negate':
      return 'negate';
    case 'call':
      return node.func;
    case 'aggregate':
      return `${node.operator} ${node.without ? 'without' : 'by'} (${node.grouping.join(', ')})`;
    case 'binary': {
      const matching = node.matching;
      if (matching === undefined) return `${node.operator}${node.returnBool ? ' bool' : ''}`;
      const labels = `${matching.on ? 'on' : 'ignoring'} (${matching.labels.join(', ')})`;
      return `${node.operator}${node.returnBool ? ' bool' : ''} ${labels} ${matching.card}`;
    }
  }
}

function duration(value: Duration): string {
  return typeof value === 'number' ? `${formatFixed(value / 1000)}s` : durationKey(value);
}

function shift({ offset, at }: Shift): string {
  const back = offset === 0 ? '' : ` offset ${duration(offset)}`;
  if (at === undefined) return back;
  return `${back} @ ${at.kind === 'time' ? formatFixed(at.timeMs / 1000) : `${at.kind}()`}`;
}
