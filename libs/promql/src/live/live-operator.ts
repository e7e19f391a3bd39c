import { operators } from '../evaluate/operators.js';
import type { Annotations } from '../evaluate/result.js';
import type { PlanNode } from '../plan/nodes.js';
import { type LiveForm, type LiveTick, type LiveVectorNode, NO_SERIES, onlyBlock, SILENT } from './live-node.js';
import { LiveVector } from './live-vector.js';

/**
 * An operator over kept arguments. Where its arguments' rows allow an incremental form it follows their changes; where they
 * don't (native histograms, series that become equal without their names, several matches) it runs the batch operator over
 * them until they do again.
 */
export abstract class LiveOperator implements LiveVectorNode {
  readonly form: LiveForm = 'incremental';
  readonly output = new LiveVector();
  annotations: Annotations = SILENT;
  readonly newestMs = -Infinity;
  readonly watched = NO_SERIES;
  readonly readsSamples = false;
  /** The output's rows are this class's own, not those of a batch operator. */
  private shaped = false;
  private unshapable = false;
  private started = false;

  constructor(
    readonly node: PlanNode,
    protected readonly vectors: readonly LiveVectorNode[],
  ) {}

  get changed(): boolean {
    return this.output.changed;
  }

  update(tick: LiveTick): void {
    const { output, vectors } = this;
    output.begin();
    const reshaped = !this.started || vectors.some((input) => input.output.reshaped);
    const changed = reshaped || this.scalarsChanged() || vectors.some((input) => input.output.changed);
    this.started = true;
    if (!changed) return;
    const anew = reshaped || !this.shaped;
    if (vectors.some((input) => input.output.hasHistograms) || !this.fits(tick, anew, reshaped)) {
      this.shaped = false;
      this.annotations = recompute(this, tick).annotations;
      return;
    }
    this.shaped = true;
    this.annotations = SILENT;
    this.refresh(tick, anew);
  }

  nextChangeMs(): number {
    return Infinity;
  }

  /** Shapes the rows where that is due; false if it can't be done, which is asked again only for other rows. */
  private fits(tick: LiveTick, anew: boolean, reshaped: boolean): boolean {
    if (!anew) return true;
    if (this.unshapable && !reshaped) return false;
    this.unshapable = !this.shape(tick);
    return !this.unshapable;
  }

  /** True if a scalar argument has changed. */
  protected scalarsChanged(): boolean {
    return false;
  }

  /** Makes the rows from the arguments' rows; false if there is no incremental form for them. */
  protected abstract shape(tick: LiveTick): boolean;

  /** Brings the rows up to date: all of them, or those that the arguments' changes reach. */
  protected abstract refresh(tick: LiveTick, all: boolean): void;
}

/** What a run of a batch operator left beside its result: what it had to say, and whether it read samples from the store. */
export interface Recomputed {
  readonly annotations: Annotations;
  readonly readsSamples: boolean;
}

/** Runs the batch operator of a node at the tick's time into its output. */
export function recompute({ node, output }: { node: PlanNode; output: LiveVector }, tick: LiveTick): Recomputed {
  const evaluation = tick.evaluation();
  output.takeBlock(onlyBlock(operators.vector(evaluation, node, tick.grid)));
  return {
    annotations: evaluation.annotations.result(evaluation.plan.text),
    readsSamples: evaluation.samples.total > 0,
  };
}
