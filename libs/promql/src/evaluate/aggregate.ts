import type { TextRange } from '@opsroom/contracts';
import { divideHistogram } from '../histogram/arithmetic.js';
import type { FloatHistogram } from '../histogram/float-histogram.js';
import { HistogramMean, HistogramSum } from '../histogram/sum.js';
import type { AggregateNode } from '../plan/nodes.js';
import { type AnnotationSet, annotate } from './annotations.js';
import { Block, FLOAT } from './block.js';
import type { BlockStream, Evaluation, Grid } from './evaluation.js';
import { FloatState, floatAggregations } from './float-aggregations.js';
import { Grouping } from './grouping.js';
import { selectingAggregations, selectingStream } from './select-aggregations.js';

/**
 * Aggregations that make one series of each group. Their argument streams through: block by block, series by series, every
 * step's state in columns beside each other, so that a sum over many series holds no more than its groups.
 */
export function* aggregateStream(evaluation: Evaluation, node: AggregateNode, grid: Grid): BlockStream {
  if (selectingAggregations.has(node.operator)) {
    yield* selectingStream(evaluation, node, grid);
    return;
  }
  const aggregation = floatAggregations.get(node.operator);
  if (aggregation === undefined) throw new TypeError(`unknown aggregation ${node.operator}`);
  const grouping = Grouping.of(node);
  const floats = new FloatState(grid.steps);
  const histograms =
    node.operator === 'sum' || node.operator === 'avg'
      ? new HistogramGroups(node.operator === 'avg', evaluation.annotations, node.expr.range)
      : undefined;
  const countsAll = node.operator === 'count' || node.operator === 'group';
  const dropName: boolean[] = [];
  for (const block of evaluation.vector(node.expr, grid)) {
    if (block === undefined) {
      yield undefined;
      continue;
    }
    const rowGroups = block.labels.map((labels) => grouping.groupOf(labels));
    floats.reserve(grouping.labels.length);
    for (let row = 0; row < block.rows; row++) {
      const group = rowGroups[row];
      dropName[group] ||= block.dropName[row];
      if (block.histograms !== undefined) {
        takeHistograms(evaluation, node, block, row, group, histograms, countsAll);
      }
      aggregation.add(floats, block.values, block.present, row * grid.steps, group * grid.steps);
    }
    if (evaluation.work(block.cells)) yield undefined;
  }
  const result = new Block(grid.steps, grouping.labels.length);
  for (let group = 0; group < grouping.labels.length; group++) {
    const cell = result.reserve();
    let any = false;
    for (let step = 0; step < grid.steps; step++) {
      const at = group * grid.steps + step;
      const histogram = histograms?.result(at, floats.seen[at] === 1);
      if (histogram === 'none') continue;
      if (histogram !== undefined) {
        result.setHistogram(cell + step, histogram);
      } else if (floats.seen[at] === 1) {
        result.values[cell + step] = aggregation.result(floats, at);
        result.present[cell + step] = FLOAT;
      } else {
        continue;
      }
      any = true;
    }
    if (any) result.commit(grouping.labels[group], dropName[group] ?? false);
  }
  if (result.rows > 0) yield result;
}

/** Before the row's floats are added: its histograms go where they belong. */
function takeHistograms(
  evaluation: Evaluation,
  node: AggregateNode,
  block: Block,
  row: number,
  group: number,
  histograms: HistogramGroups | undefined,
  countsAll: boolean,
): void {
  const { steps } = block;
  for (let step = 0; step < steps; step++) {
    const cell = row * steps + step;
    const histogram = block.histogramAt(cell);
    if (histogram === undefined) continue;
    if (histograms !== undefined) histograms.add(group * steps + step, histogram, block.labels[row].metricName);
    else if (!countsAll) evaluation.annotations.add(annotate.histogramIgnored(node.operator, node.expr.range));
  }
}

/** Sums or means of histograms by group and step. */
class HistogramGroups {
  private readonly cells = new Map<
    number,
    { state: HistogramSum | HistogramMean | undefined; resets: boolean; others: boolean }
  >();

  constructor(
    private readonly mean: boolean,
    private readonly annotations: AnnotationSet,
    private readonly range: TextRange,
  ) {}

  add(at: number, histogram: FloatHistogram, metricName: string): void {
    const reset = histogram.counterResetHint === 'reset';
    const other = histogram.counterResetHint === 'not_reset';
    const cell = this.cells.get(at);
    if (cell === undefined) {
      const state = this.mean ? new HistogramMean(histogram) : new HistogramSum(histogram);
      this.cells.set(at, { state, resets: reset, others: other });
      return;
    }
    if (cell.state === undefined) return;
    cell.resets ||= reset;
    cell.others ||= other;
    const added = cell.state.add(histogram, divideHistogram);
    if (added === undefined) {
      this.annotations.add(annotate.mixedExponentialCustom(metricName, this.range));
      cell.state = undefined;
    } else if (added.reconciled) {
      this.annotations.add(annotate.bucketsReconciled('aggregation', this.range));
    }
  }

  /** 'none' where the group has no result at the step; undefined where it holds no histograms there. */
  result(at: number, hasFloats: boolean): FloatHistogram | 'none' | undefined {
    const cell = this.cells.get(at);
    if (cell === undefined) return undefined;
    if (hasFloats) {
      this.annotations.add(annotate.mixedFloatsHistogramsInAggregation(this.range));
      return 'none';
    }
    if (cell.state === undefined) return 'none';
    if (cell.resets && cell.others) this.annotations.add(annotate.resetCollision('aggregation', this.range));
    return cell.state.result(true);
  }
}
