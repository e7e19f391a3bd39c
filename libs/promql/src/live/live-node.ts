import type { Block } from '../evaluate/block.js';
import type { Evaluation, Grid } from '../evaluate/evaluation.js';
import type { QueryOptions } from '../evaluate/options.js';
import type { Annotations } from '../evaluate/result.js';
import type { QueryTimes } from '../plan/durations.js';
import type { PlanNode } from '../plan/nodes.js';
import type { LiveVector } from './live-vector.js';
import type { SelectedSeries } from './selected-series.js';

/**
 * How an operator takes new samples. `incremental`: it looks at what has changed alone. `recomputed`: it runs the batch
 * operator over its arguments' kept results, and only if one of them has changed. `batch`: it and all below it are evaluated
 * from the store.
 */
export type LiveForm = 'incremental' | 'recomputed' | 'batch';

/** Of nodes that read nothing themselves. */
export const NO_SERIES: readonly SelectedSeries[] = [];

export const SILENT: Annotations = { warnings: [], infos: [] };

/** One evaluation. `timeMs` may be before that of the last one; nodes then read everything again. */
export interface LiveTick {
  readonly timeMs: number;
  readonly times: QueryTimes;
  readonly grid: Grid;
  readonly options: QueryOptions;
  /** The expression's text, for the places in annotations. */
  readonly text: string | undefined;
  /** A new run of batch operators that finds kept results for nodes that are live. */
  evaluation(): Evaluation;
}

/** An operator of a live query: keeps its result and brings it up to date. */
export interface LiveNode {
  readonly node: PlanNode;
  readonly form: LiveForm;
  /** The result differs from that of the last evaluation. */
  readonly changed: boolean;
  /** Arguments are up to date when it is called. */
  update(tick: LiveTick): void;
  /** The selectors that it reads from the store itself. */
  readonly watched: readonly SelectedSeries[];
  /** First time after `timeMs` at which time alone may change its result, if no sample comes; Infinity for never. */
  nextChangeMs(timeMs: number): number;
  /** Time of the newest sample that its result rests on; -Infinity if it reads none. */
  readonly newestMs: number;
  /** It has found samples in the store for its current result. */
  readonly readsSamples: boolean;
  /** What it has to say about its current result. */
  readonly annotations: Annotations;
}

export interface LiveVectorNode extends LiveNode {
  readonly output: LiveVector;
}

export interface LiveScalarNode extends LiveNode {
  readonly value: number;
}

/** What a block stream comes to: its only block, or all of them together. */
export function onlyBlock(stream: Iterable<Block | undefined>): Block | undefined {
  let whole: Block | undefined;
  for (const block of stream) {
    if (block === undefined) continue;
    if (whole === undefined) whole = block;
    else {
      whole = whole.writable();
      whole.appendAll(block);
    }
  }
  return whole;
}
