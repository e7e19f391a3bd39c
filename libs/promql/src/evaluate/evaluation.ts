import { PromqlLimitError } from '../errors.js';
import { METADATA_LABELS } from './metadata-labels.js';
import type { Queryable } from '../model/queryable.js';
import { type QueryTimes, resolveAt, resolveDuration } from '../plan/durations.js';
import type { Plan, PlanNode, Shift, StringNode } from '../plan/nodes.js';
import { AnnotationSet } from './annotations.js';
import type { Block } from './block.js';
import { quote } from './numbers.js';
import type { QueryOptions } from './options.js';

/** The steps at which a node is evaluated: `startMs + i * stepMs` for i in [0, steps). */
export interface Grid {
  readonly startMs: number;
  readonly stepMs: number;
  readonly steps: number;
}

/** Blocks of an instant vector; `undefined` says that this is a good moment for a pause. */
export type BlockStream = Generator<Block | undefined, void>;

/** A computation that may pause. */
export type Paused<T> = Generator<undefined, T>;

/** How nodes are evaluated; handed in, since operators and their arguments' operators need each other. */
export interface Operators {
  vector(evaluation: Evaluation, node: PlanNode, grid: Grid): BlockStream;
  scalar(evaluation: Evaluation, node: PlanNode, grid: Grid): Paused<Float64Array>;
}

/** After so many cells without a clock, or so many ms with one, an evaluation offers a pause. */
const CELLS_BETWEEN_PAUSES = 250_000;
const MS_BETWEEN_PAUSES = 4;

/**
 * One run of a plan: its data, its limits and what it has to say.
 * Owns: the counts of samples, the annotations, the results of shared nodes.
 */
export class Evaluation {
  readonly annotations = new AnnotationSet();
  /** Results of nodes that several parents ask for, by node and grid. */
  readonly shared = new Map<string, Block>();
  private totalSamples = 0;
  private heldSamples = 0;
  private peakSamples = 0;
  private cellsSincePause = 0;
  private readonly startedMs: number;
  private pausedMs: number;

  constructor(
    readonly plan: Plan,
    readonly queryable: Queryable,
    readonly times: QueryTimes,
    readonly options: QueryOptions,
    private readonly operators: Operators,
  ) {
    this.startedMs = options.elapsedMs?.() ?? 0;
    this.pausedMs = this.startedMs;
  }

  /** The node's instant vector at the steps of a grid. */
  vector(node: PlanNode, grid: Grid): BlockStream {
    return this.operators.vector(this, node, grid);
  }

  /** The node's scalar, one value a step. */
  scalar(node: PlanNode, grid: Grid): Paused<Float64Array> {
    return this.operators.scalar(this, node, grid);
  }

  /** True if the node is worth keeping for its other parents. */
  isShared(node: PlanNode): boolean {
    return this.plan.uses[node.id] > 1 && node.type === 'vector';
  }

  /** Counts work done; true where a pause is due. Throws when the query ran too long or was cancelled. */
  work(cells: number): boolean {
    this.cellsSincePause += cells + 1;
    const { elapsedMs, signal, limits } = this.options;
    if (signal?.aborted === true)
      throw new PromqlLimitError('cancelled', 'query was canceled in expression evaluation');
    if (elapsedMs === undefined) {
      if (this.cellsSincePause < CELLS_BETWEEN_PAUSES) return false;
      this.cellsSincePause = 0;
      return true;
    }
    const now = elapsedMs();
    if (now - this.startedMs > limits.timeoutMs) {
      throw new PromqlLimitError('time', 'query timed out in expression evaluation');
    }
    if (now - this.pausedMs < MS_BETWEEN_PAUSES) return false;
    return true;
  }

  /** To be called when the work goes on after a pause. */
  resumed(): void {
    this.pausedMs = this.options.elapsedMs?.() ?? 0;
  }

  /** Samples that a selector gave out, for the statistics. */
  touch(samples: number): void {
    this.totalSamples += samples;
  }

  /** Samples that are held from now on; negative when they are let go. */
  hold(samples: number): void {
    this.heldSamples += samples;
    if (this.heldSamples <= this.peakSamples) return;
    this.peakSamples = this.heldSamples;
    if (this.heldSamples > this.options.limits.maxSamples) {
      throw new PromqlLimitError(
        'samples',
        'query processing would load too many samples into memory in query execution',
      );
    }
  }

  get samples(): { total: number; peak: number } {
    return { total: this.totalSamples, peak: this.peakSamples };
  }

  /** A string as it stands in the text, bytes that are no text included; quoted anew where the text is not known. */
  sourceOf(node: StringNode): string {
    return this.plan.text?.slice(node.range.start, node.range.end) ?? quote(node.value);
  }

  offsetMs(shift: Shift): number {
    return resolveDuration(shift.offset, this.times);
  }

  /** Where `@` pins it; undefined where it moves with the steps. */
  pinMs(shift: Shift): number | undefined {
    return resolveAt(shift.at, this.times);
  }
}

export function timeOf(grid: Grid, step: number): number {
  return grid.startMs + step * grid.stepMs;
}

/** The first step of a grid alone, for what is the same at every step. */
export function firstStep(grid: Grid): Grid {
  return { startMs: grid.startMs, stepMs: grid.stepMs, steps: 1 };
}

/**
 * True if no two series of the vector can become equal when their metric names go: every selector names its metric and
 * nothing in between mixes metrics.
 */
export function namesDiffer(node: PlanNode): boolean {
  switch (node.kind) {
    case 'select':
      return !node.matchers.some(
        ({ name, operator, value }) => name === '__name__' && operator === '=' && value !== '',
      );
    case 'window':
      return namesDiffer(node.select);
    case 'subquery':
    case 'negate':
      return namesDiffer(node.expr);
    case 'call': {
      if (node.func === 'label_replace' || node.func === 'label_join' || node.func === 'info') return true;
      return node.args.some((arg) => (arg.type === 'vector' || arg.type === 'matrix') && namesDiffer(arg));
    }
    case 'aggregate':
      return !node.without && node.grouping.some((label) => METADATA_LABELS.has(label));
    case 'binary':
      if (node.left.type === 'vector' && node.right.type === 'vector') return true;
      return namesDiffer(node.left) || namesDiffer(node.right);
    case 'number':
    case 'string':
      return false;
  }
}
