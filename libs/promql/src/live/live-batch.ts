import type { Annotations } from '../evaluate/result.js';
import { childrenOf, type PlanNode, type SelectNode } from '../plan/nodes.js';
import { type LiveTick, type LiveVectorNode, SILENT } from './live-node.js';
import { recompute } from './live-operator.js';
import { LiveVector } from './live-vector.js';
import { type ReadRow, SelectedSeries } from './selected-series.js';
import type { LiveSource } from './source.js';

/** A subtree without an incremental form: the batch evaluator computes it from the store, at every time and after every commit that it reads. */
export class LiveBatch implements LiveVectorNode {
  readonly form = 'batch';
  readonly output = new LiveVector();
  annotations: Annotations = SILENT;
  readsSamples = false;
  readonly watched: readonly SelectedSeries[];
  private evaluatedMs: number | undefined;
  private foundMs = -Infinity;

  constructor(
    readonly node: PlanNode,
    source: LiveSource,
  ) {
    this.watched = selectsBelow(node).map(({ matchers }) => new SelectedSeries(source, matchers));
  }

  get changed(): boolean {
    return this.output.changed;
  }

  get newestMs(): number {
    return this.watched.reduce((newest, series) => Math.max(newest, series.newestMs), this.foundMs);
  }

  update(tick: LiveTick): void {
    this.output.begin();
    if (this.evaluatedMs === tick.timeMs && !this.watched.some((series) => series.touched)) return;
    for (const series of this.watched) {
      if (series.resolve()) this.findNewest(series, tick);
      series.forget();
    }
    this.evaluatedMs = tick.timeMs;
    ({ annotations: this.annotations, readsSamples: this.readsSamples } = recompute(this, tick));
  }

  nextChangeMs(timeMs: number): number {
    return timeMs + 1;
  }

  /** Before any commit: what is there already. */
  private findNewest(series: SelectedSeries, { timeMs, options }: LiveTick): void {
    const read: ReadRow = (_row, view) => {
      if (view === undefined) return;
      let last = view.to - 1;
      while (last >= view.from && view.timestamps[last] > timeMs) last--;
      if (last >= view.from) this.foundMs = Math.max(this.foundMs, view.timestamps[last]);
    };
    series.readRows(timeMs - options.lookbackMs + 1, true, read);
  }
}

function selectsBelow(node: PlanNode): SelectNode[] {
  return node.kind === 'select' ? [node] : childrenOf(node).flatMap(selectsBelow);
}
