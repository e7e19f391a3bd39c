import { PromqlExecutionError } from '../errors.js';
import type { SeriesSamples } from '../model/queryable.js';
import { isStale } from '../model/stale.js';
import type { SelectNode } from '../plan/nodes.js';
import { Block, blockRows, FLOAT } from './block.js';
import { type BlockStream, type Evaluation, type Grid, timeOf } from './evaluation.js';
import { smoothRow } from './smooth.js';

/** What the cells of a selector hold: the samples themselves, or when they were taken (s). */
export type Taking = 'values' | 'timestamps';

/**
 * The newest sample of every series at each step, if it is younger than the lookback and no stale marker. One walk through
 * a series' samples serves all steps.
 */
export function* selectStream(
  evaluation: Evaluation,
  node: SelectNode,
  grid: Grid,
  taking: Taking = 'values',
): BlockStream {
  const { lookbackMs } = evaluation.options;
  const offsetMs = evaluation.offsetMs(node.shift);
  const pinMs = evaluation.pinMs(node.shift);
  const firstMs = (pinMs ?? grid.startMs) - offsetMs;
  const lastMs = (pinMs ?? timeOf(grid, grid.steps - 1)) - offsetMs;
  const smoothed = node.extended === 'smoothed';
  const references: References = { firstMs, stepMs: pinMs === undefined ? grid.stepMs : 0, lookbackMs };
  const selected = evaluation.queryable.select(
    node.matchers,
    firstMs - lookbackMs + 1,
    smoothed ? lastMs + lookbackMs : lastMs,
  );
  const rows = blockRows(grid.steps);
  let block = new Block(grid.steps, Math.min(rows, 64));
  for (const series of selected) {
    const cell = block.reserve();
    const samples = smoothed
      ? smoothRow(evaluation, series, node, references, block, cell)
      : fillRow(series, references, block, cell, taking);
    if (samples === 0) continue;
    evaluation.touch(samples);
    block.commit(series.labels, false);
    if (block.rows < rows) continue;
    yield block;
    if (evaluation.work(block.cells)) yield undefined;
    block = new Block(grid.steps, rows);
  }
  if (block.rows > 0) yield block;
  if (evaluation.work(block.cells)) yield undefined;
}

export interface References {
  readonly firstMs: number;
  /** 0 where `@` pins all steps to one time. */
  readonly stepMs: number;
  readonly lookbackMs: number;
}

/** Fills a row that is absent throughout; the number of samples found. */
export function fillRow(
  series: SeriesSamples,
  { firstMs, stepMs, lookbackMs }: References,
  block: Block,
  cell: number,
  taking: Taking,
): number {
  const { timestamps, values, histograms, from, to } = series;
  const { steps } = block;
  let next = from;
  let found = 0;
  for (let step = 0; step < steps; step++) {
    const referenceMs = firstMs + step * stepMs;
    while (next < to && timestamps[next] <= referenceMs) next++;
    const index = next - 1;
    if (index < from || timestamps[index] <= referenceMs - lookbackMs) continue;
    const value = values[index];
    if (value !== value && isStale(values, index)) continue;
    found++;
    if (taking === 'timestamps') {
      block.values[cell + step] = timestamps[index] / 1000;
      block.present[cell + step] = FLOAT;
      continue;
    }
    const histogram = histograms?.[index];
    if (histogram === undefined) {
      block.values[cell + step] = value;
      block.present[cell + step] = FLOAT;
    } else {
      block.setHistogram(cell + step, histogram);
    }
  }
  return found;
}

/** For `info`: every series has to consist of floats. */
export function refuseHistograms(block: Block, describe: (row: number) => string): void {
  if (block.histograms === undefined) return;
  for (let row = 0; row < block.rows; row++) {
    for (let step = 0; step < block.steps; step++) {
      if (block.histogramAt(row * block.steps + step) === undefined) continue;
      throw new PromqlExecutionError(`this should be an info metric, with float samples: ${describe(row)}`);
    }
  }
}
