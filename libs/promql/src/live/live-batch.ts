import type { Annotations } from '../evaluate/result.js';
import { childrenOf, type PlanNode, type SelectNode } from '../plan/nodes.js';
import { type LiveTick, type LiveVectorNode, SILENT } from './live-node.js';
import { recompute } from './live-operator.js';
import { LiveVector } from './live-vector.js';
import { SelectedSeries } from './selected-series.js';
import type { LiveCommit, LiveSource } from './source.js';

/** A subtree without an incremental form: the batch evaluator computes it from the store, at every time and after every commit that it reads. */
export class LiveBatch implements LiveVectorNode {
  readonly form = 'batch';
  readonly output = new LiveVector();
  annotations: Annotations = SILENT;
  newestMs = -Infinity;
  private readonly series: readonly SelectedSeries[];
  private evaluatedMs: number | undefined;
  private dirty = true;

  constructor(
    readonly node: PlanNode,
    source: LiveSource,
  ) {
    this.series = selectsBelow(node).map(({ matchers }) => new SelectedSeries(source, matchers));
  }

  get changed(): boolean {
    return this.output.changed;
  }

  take(commit: LiveCommit): boolean {
    let any = false;
    for (const series of this.series) any = series.take(commit, this.noteTime) || any;
    if (any) this.dirty = true;
    return any;
  }

  invalidate(): void {
    this.dirty = true;
    for (const series of this.series) series.invalidate();
  }

  update(tick: LiveTick): void {
    this.output.begin();
    if (!this.dirty && this.evaluatedMs === tick.timeMs) return;
    for (const series of this.series) {
      if (series.resolve()) this.findNewest(series, tick);
      series.forget();
    }
    this.dirty = false;
    this.evaluatedMs = tick.timeMs;
    this.annotations = recompute(this, tick);
  }

  nextChangeMs(timeMs: number): number {
    return timeMs + 1;
  }

  private readonly noteTime = (_row: number, timestampMs: number): void => {
    if (timestampMs > this.newestMs) this.newestMs = timestampMs;
  };

  private findNewest(series: SelectedSeries, { timeMs, options }: LiveTick): void {
    series.readRows(timeMs - options.lookbackMs + 1, timeMs, true, (row, samples) => {
      if (samples !== undefined && samples.to > samples.from) this.noteTime(row, samples.timestamps[samples.to - 1]);
    });
  }
}

function selectsBelow(node: PlanNode): SelectNode[] {
  return node.kind === 'select' ? [node] : childrenOf(node).flatMap(selectsBelow);
}
