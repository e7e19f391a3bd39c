import { METRIC_NAME } from '@opsroom/contracts';
import { RE2JS } from 're2js';
import { PromqlExecutionError } from '../errors.js';
import type { Labels } from '../model/labels.js';
import type { CallNode, PlanNode } from '../plan/nodes.js';
import type { Block } from './block.js';
import { collect, mergeDuplicates } from './duplicates.js';
import type { BlockStream, Evaluation, Grid } from './evaluation.js';

/** Text of an argument that the parser has checked to be a string. */
export function textOf(node: PlanNode): string {
  if (node.kind !== 'string') throw new TypeError(`expected a string, not a ${node.kind}`);
  return node.value;
}

/** label_replace and label_join: they look at the labels of each series once, and leave its samples alone. */
export function* relabelStream(evaluation: Evaluation, node: CallNode, grid: Grid): BlockStream {
  const relabel = node.func === 'label_replace' ? replacing(node) : joining(node);
  const setsName = textOf(node.args[1]) === METRIC_NAME;
  const given = yield* collect(evaluation, evaluation.vector(node.args[0], grid), grid.steps);
  const block: Block = given.writable();
  for (let row = 0; row < block.rows; row++) {
    const labels = relabel(block.labels[row]);
    if (labels === undefined) continue;
    block.labels[row] = labels;
    // A name that is set anew stays, even if a function below has given the old one up.
    if (setsName) block.dropName[row] = false;
  }
  evaluation.hold(-block.cells);
  yield mergeDuplicates(block);
}

/** Undefined where the expression does not match. */
function replacing({ args }: CallNode): (labels: Labels) => Labels | undefined {
  const target = textOf(args[1]);
  const replacement = parseTemplate(textOf(args[2]));
  const source = textOf(args[3]);
  const expression = textOf(args[4]);
  let pattern: RE2JS;
  try {
    pattern = RE2JS.compile(`^(?s:${expression})$`);
  } catch {
    throw new PromqlExecutionError(`invalid regular expression in label_replace(): ${expression}`);
  }
  if (!isLabelName(target)) {
    throw new PromqlExecutionError(`invalid destination label name in label_replace(): ${target}`);
  }
  const names = pattern.namedGroups();
  return (labels) => {
    const matcher = pattern.matcher(labels.get(source));
    if (!matcher.find()) return undefined;
    const group = (index: number): string => (index <= matcher.groupCount() ? (matcher.group(index) ?? '') : '');
    const value = replacement
      .map((part) => {
        if ('text' in part) return part.text;
        const index = /^\d+$/.test(part.group) ? Number(part.group) : names[part.group];
        return index === undefined ? '' : group(index);
      })
      .join('');
    return labels.with(target, value);
  };
}

type TemplatePart = { readonly text: string } | { readonly group: string };

/** Go's templates: `$1`, `$name` (the longest run of letters, digits and _), `${name}`, `$$`; any other `$` stands for itself. */
function parseTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  const pattern = /\$(?:\$|\{(\w+)\}|(\w+))/g;
  let end = 0;
  for (const match of template.matchAll(pattern)) {
    parts.push({ text: template.slice(end, match.index) });
    const group = match[1] ?? match[2];
    parts.push(group === undefined ? { text: '$' } : { group });
    end = match.index + match[0].length;
  }
  parts.push({ text: template.slice(end) });
  return parts;
}

function joining({ args }: CallNode): (labels: Labels) => Labels {
  const target = textOf(args[1]);
  const separator = textOf(args[2]);
  const sources = args.slice(3).map(textOf);
  for (const source of sources) {
    if (!isLabelName(source)) throw new PromqlExecutionError(`invalid source label name in label_join(): ${source}`);
  }
  if (!isLabelName(target)) {
    throw new PromqlExecutionError(`invalid destination label name in label_join(): ${target}`);
  }
  return (labels) => labels.with(target, sources.map((source) => labels.get(source)).join(separator));
}

/** Any text that is not empty and is valid Unicode: bytes that are not were read as U+FFFD. */
export function isLabelName(name: string): boolean {
  return name !== '' && !name.includes('\ufffd');
}
