import { PromqlExecutionError } from '../errors.js';
import { printHistogram } from '../histogram/print.js';
import type { Labels } from '../model/labels.js';
import type { AggregateNode, PlanNode, StringNode } from '../plan/nodes.js';
import { annotate } from './annotations.js';
import { ABSENT, Block, copyHistograms, FLOAT, HISTOGRAM } from './block.js';
import { collect } from './duplicates.js';
import type { BlockStream, Evaluation, Grid } from './evaluation.js';
import { Grouping } from './grouping.js';
import { quantileOf } from './kernels/quantile.js';
import { isLabelName } from './label-functions.js';
import { formatFixed, formatGeneral } from './numbers.js';
import { ratioOffset } from './ratio-offset.js';

/** Aggregations that need all samples of a group together. */
export const selectingAggregations: ReadonlySet<string> = new Set([
  'topk',
  'bottomk',
  'limitk',
  'limit_ratio',
  'quantile',
  'count_values',
]);

const MAX_INT64 = 9223372036854774784;
const MIN_INT64 = -9223372036854775808;

export function* selectingStream(evaluation: Evaluation, node: AggregateNode, grid: Grid): BlockStream {
  const { param } = node;
  if (param === undefined) throw new TypeError(`${node.operator} needs a parameter`);
  if (node.operator === 'count_values') {
    yield* countValues(evaluation, node, param as StringNode, grid);
    return;
  }
  const parameters = yield* evaluation.scalar(param, grid);
  if (!checkParameters(evaluation, node.operator, parameters, param)) return;
  const block = yield* collect(evaluation, evaluation.vector(node.expr, grid), grid.steps);
  const grouping = Grouping.of(node);
  const members: number[][] = [];
  for (let row = 0; row < block.rows; row++) (members[grouping.groupOf(block.labels[row])] ??= []).push(row);
  evaluation.hold(-block.cells);
  let result: Block;
  if (node.operator === 'quantile') {
    result = quantiles(evaluation, node, block, grouping, members, parameters);
  } else if (grid.steps === 1) {
    result = pickOnce(evaluation, node, block, members, parameters[0]);
  } else {
    result = pickAtEachStep(evaluation, node, block, members, parameters);
  }
  if (evaluation.work(block.cells)) yield undefined;
  if (result.rows > 0) yield result;
}

/** False where no step can have a result. */
function checkParameters(
  evaluation: Evaluation,
  operator: string,
  parameters: Float64Array,
  { range }: PlanNode,
): boolean {
  let min = Infinity;
  let max = -Infinity;
  let nan = false;
  for (const value of parameters) {
    if (Number.isNaN(value)) nan = true;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  switch (operator) {
    case 'quantile':
      if (nan) evaluation.annotations.add(annotate.invalidQuantile(NaN, range));
      if (max > 1) evaluation.annotations.add(annotate.invalidQuantile(max, range));
      if (min < 0) evaluation.annotations.add(annotate.invalidQuantile(min, range));
      return true;
    case 'limit_ratio':
      if (max === 0 && min === 0) return false;
      if (nan) throw new PromqlExecutionError('Ratio value is NaN');
      if (max > 1) evaluation.annotations.add(annotate.invalidRatio(max, 1, range));
      if (min < -1) evaluation.annotations.add(annotate.invalidRatio(min, -1, range));
      return true;
    default:
      if (max < 1) return false;
      if (nan) throw new PromqlExecutionError('Parameter value is NaN');
      if (min <= MIN_INT64) throw new PromqlExecutionError(`Scalar value ${formatGeneral(min)} underflows int64`);
      if (max >= MAX_INT64) throw new PromqlExecutionError(`Scalar value ${formatGeneral(max)} overflows int64`);
      return true;
  }
}

function quantiles(
  evaluation: Evaluation,
  node: AggregateNode,
  block: Block,
  grouping: Grouping,
  members: readonly number[][],
  parameters: Float64Array,
): Block {
  const { steps } = block;
  const result = new Block(steps, members.length);
  for (let group = 0; group < members.length; group++) {
    const rows = members[group];
    const scratch = new Float64Array(rows.length);
    const cell = result.reserve();
    let any = false;
    for (let step = 0; step < steps; step++) {
      let count = 0;
      for (const row of rows) {
        const kind = block.present[row * steps + step];
        if (kind === FLOAT) scratch[count++] = block.values[row * steps + step];
        else if (kind === HISTOGRAM) {
          evaluation.annotations.add(annotate.histogramIgnored('quantile', node.expr.range));
        }
      }
      if (count === 0) continue;
      any = true;
      result.values[cell + step] = quantileOf(parameters[step], scratch.subarray(0, count));
      result.present[cell + step] = FLOAT;
    }
    if (any)
      result.commit(
        grouping.labels[group],
        rows.some((row) => block.dropName[row]),
      );
  }
  return result;
}

/** At one step the chosen series come in the order of their choice. */
function pickOnce(
  evaluation: Evaluation,
  node: AggregateNode,
  block: Block,
  members: readonly number[][],
  parameter: number,
): Block {
  const result = new Block(1, 16);
  for (const rows of members) {
    for (const row of pick(evaluation, node, block, rows, 0, parameter)) {
      result.append(block, row, block.labels[row], block.dropName[row]);
    }
  }
  return result;
}

function pickAtEachStep(
  evaluation: Evaluation,
  node: AggregateNode,
  block: Block,
  members: readonly number[][],
  parameters: Float64Array,
): Block {
  const { steps } = block;
  const chosen = new Uint8Array(block.cells);
  const rowsChosen = new Set<number>();
  for (const rows of members) {
    for (let step = 0; step < steps; step++) {
      for (const row of pick(evaluation, node, block, rows, step, parameters[step])) {
        chosen[row * steps + step] = 1;
        rowsChosen.add(row);
      }
    }
  }
  const result = new Block(steps, rowsChosen.size);
  for (const row of [...rowsChosen].sort((a, b) => a - b)) {
    const cell = result.reserve();
    for (let step = 0; step < steps; step++) {
      const from = row * steps + step;
      if (chosen[from] === 0) continue;
      result.values[cell + step] = block.values[from];
      result.present[cell + step] = block.present[from];
      copyHistograms(block, from, result, cell + step, 1);
    }
    result.commit(block.labels[row], block.dropName[row]);
  }
  return result;
}

function pick(
  evaluation: Evaluation,
  node: AggregateNode,
  block: Block,
  rows: readonly number[],
  step: number,
  parameter: number,
): number[] {
  const { steps, present, values } = block;
  switch (node.operator) {
    case 'limit_ratio': {
      if (parameter === 0) return [];
      const ratio = Math.max(-1, Math.min(1, parameter));
      return rows.filter((row) => {
        if (present[row * steps + step] === ABSENT) return false;
        const offset = ratioOffset(block.labels[row]);
        return ratio >= 0 ? offset < ratio : offset >= 1 + ratio;
      });
    }
    case 'limitk': {
      const picked: number[] = [];
      const limit = Math.trunc(parameter);
      for (const row of rows) {
        if (picked.length >= limit) break;
        if (present[row * steps + step] !== ABSENT) picked.push(row);
      }
      return picked;
    }
    default: {
      const limit = Math.trunc(parameter);
      if (!(limit >= 1)) return [];
      const top = node.operator === 'topk';
      const heap = new BoundedHeap(limit, top);
      for (const row of rows) {
        const kind = present[row * steps + step];
        if (kind === FLOAT) heap.offer(row, values[row * steps + step]);
        else if (kind === HISTOGRAM) evaluation.annotations.add(annotate.histogramIgnored(node.operator, node.range));
      }
      return heap.sorted();
    }
  }
}

/** The k greatest (or least) of the values offered; NaN only where there are not enough others. Its worst is on top. */
class BoundedHeap {
  private readonly rows: number[] = [];
  private readonly values: number[] = [];

  constructor(
    private readonly limit: number,
    private readonly greatest: boolean,
  ) {}

  offer(row: number, value: number): void {
    if (this.rows.length < this.limit) {
      this.rows.push(row);
      this.values.push(value);
      this.up(this.rows.length - 1);
      return;
    }
    const worst = this.values[0];
    const better = this.greatest ? worst < value : worst > value;
    if (!better && !(Number.isNaN(worst) && !Number.isNaN(value))) return;
    this.rows[0] = row;
    this.values[0] = value;
    this.down();
  }

  /** Best first. */
  sorted(): number[] {
    const order = this.rows.map((_, i) => i);
    order.sort((a, b) => {
      const x = this.values[a];
      const y = this.values[b];
      if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
      if (x === y) return 0;
      return x < y === this.greatest ? 1 : -1;
    });
    return order.map((i) => this.rows[i]);
  }

  /** True if the value at i belongs nearer to the top than the one at j. */
  private worse(i: number, j: number): boolean {
    const x = this.values[i];
    if (Number.isNaN(x)) return true;
    return this.greatest ? x < this.values[j] : x > this.values[j];
  }

  private swap(i: number, j: number): void {
    [this.rows[i], this.rows[j]] = [this.rows[j], this.rows[i]];
    [this.values[i], this.values[j]] = [this.values[j], this.values[i]];
  }

  private up(from: number): void {
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >>> 1;
      if (parent === i || !this.worse(i, parent)) return;
      this.swap(i, parent);
      i = parent;
    }
  }

  private down(): void {
    let i = 0;
    for (;;) {
      const left = 2 * i + 1;
      if (left >= this.rows.length) return;
      const child = left + 1 < this.rows.length && this.worse(left + 1, left) ? left + 1 : left;
      if (!this.worse(child, i)) return;
      this.swap(i, child);
      i = child;
    }
  }
}

/** How many series of each group have each value; the value becomes a label. */
function* countValues(evaluation: Evaluation, node: AggregateNode, param: StringNode, grid: Grid): BlockStream {
  const label = param.value;
  if (!isLabelName(label)) throw new PromqlExecutionError(`invalid label name ${evaluation.sourceOf(param)}`);
  const grouping = new Grouping(node.without, node.without ? node.grouping : [...node.grouping, label]);
  const result = new Block(grid.steps, 0);
  const cellOf = (labels: Labels): number => {
    const group = grouping.groupOf(labels);
    while (result.rows <= group) {
      result.reserve();
      result.commit(grouping.labels[group], false);
    }
    return group * grid.steps;
  };
  for (const block of evaluation.vector(node.expr, grid)) {
    if (block === undefined) {
      yield undefined;
      continue;
    }
    for (let row = 0; row < block.rows; row++) {
      const known = new Map<string, number>();
      for (let step = 0; step < grid.steps; step++) {
        const from = row * grid.steps + step;
        if (block.present[from] === ABSENT) continue;
        const histogram = block.histogramAt(from);
        const text = histogram === undefined ? formatFixed(block.values[from]) : printHistogram(histogram);
        let cell = known.get(text);
        if (cell === undefined) {
          cell = cellOf(block.labels[row].with(label, text));
          known.set(text, cell);
        }
        result.values[cell + step]++;
        result.present[cell + step] = FLOAT;
      }
    }
    if (evaluation.work(block.cells)) yield undefined;
  }
  if (result.rows > 0) yield result;
}
