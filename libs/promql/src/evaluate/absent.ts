import { METRIC_NAME } from '@opsroom/contracts';
import { Labels } from '../model/labels.js';
import type { CallNode, PlanNode } from '../plan/nodes.js';
import { ABSENT, Block, FLOAT } from './block.js';
import type { BlockStream, Evaluation, Grid } from './evaluation.js';
import { absentOverTime } from './window.js';

/** absent and absent_over_time: 1 at the steps where their argument has nothing, with the labels that it asked for. */
export function* absentStream(evaluation: Evaluation, node: CallNode, grid: Grid): BlockStream {
  const [arg] = node.args;
  let found: Uint8Array;
  if (node.func === 'absent_over_time') {
    found = yield* absentOverTime(evaluation, arg, grid);
  } else {
    found = new Uint8Array(grid.steps);
    for (const block of evaluation.vector(arg, grid)) {
      if (block === undefined) {
        yield undefined;
        continue;
      }
      for (let cell = 0; cell < block.cells; cell++) {
        if (block.present[cell] !== ABSENT) found[cell % grid.steps] = 1;
      }
    }
  }
  if (!found.includes(0)) return;
  const block = new Block(grid.steps, 1);
  for (let step = 0; step < grid.steps; step++) {
    if (found[step] === 1) continue;
    block.values[step] = 1;
    block.present[step] = FLOAT;
  }
  block.commit(labelsAskedFor(arg), false);
  yield block;
}

/** Labels that the selector pins to one value; one that it mentions twice is left out. */
function labelsAskedFor(arg: PlanNode): Labels {
  const select = arg.kind === 'window' ? arg.select : arg;
  if (select.kind !== 'select') return Labels.empty;
  const labels = new Map<string, string>();
  const mentioned = new Set<string>();
  for (const { name, operator, value } of select.matchers) {
    if (name === METRIC_NAME) continue;
    if (operator === '=' && !mentioned.has(name)) {
      labels.set(name, value);
      mentioned.add(name);
    } else {
      labels.delete(name);
    }
  }
  return Labels.from(Object.fromEntries(labels));
}
