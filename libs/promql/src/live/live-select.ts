import { ABSENT } from '../evaluate/block.js';
import { resolveAt, resolveDuration } from '../plan/durations.js';
import type { SelectNode } from '../plan/nodes.js';
import { isStale } from '../model/stale.js';
import { type LiveTick, type LiveVectorNode, SILENT } from './live-node.js';
import { LiveVector } from './live-vector.js';
import { SelectedSeries } from './selected-series.js';
import type { LiveSource, SampleView } from './source.js';

/**
 * An instant selector: each series' newest sample at the reference time, for as long as the lookback reaches. A series is
 * read again when samples of it have come, when its sample is too old, or when a sample from the future has become the past.
 */
export class LiveSelect implements LiveVectorNode {
  readonly form = 'incremental';
  readonly output = new LiveVector();
  readonly annotations = SILENT;
  newestMs = -Infinity;
  readonly watched: readonly SelectedSeries[];
  private readonly series: SelectedSeries;
  /** When the row has to be read again without a new sample: its sample expires, or the next one is due. */
  private dueMs = new Float64Array(0);
  private firstDueMs = Infinity;
  private referenceMs = -Infinity;
  private lookbackMs = 0;
  private shiftMs = 0;
  private pinned = false;

  constructor(
    readonly node: SelectNode,
    source: LiveSource,
  ) {
    this.series = new SelectedSeries(source, node.matchers);
    this.watched = [this.series];
  }

  get changed(): boolean {
    return this.output.changed;
  }

  get readsSamples(): boolean {
    return this.output.present.some((kind) => kind !== ABSENT);
  }

  update(tick: LiveTick): void {
    const { output, series } = this;
    output.begin();
    const { lookbackMs } = tick.options;
    const { shift } = this.node;
    const pinMs = resolveAt(shift.at, tick.times);
    const offsetMs = resolveDuration(shift.offset, tick.times);
    this.pinned = shift.at?.kind === 'time';
    this.shiftMs = offsetMs;
    const referenceMs = (pinMs ?? tick.timeMs) - offsetMs;
    if (series.resolve()) this.shape();
    const back = referenceMs < this.referenceMs;
    this.referenceMs = referenceMs;
    if (back) this.newestMs = -Infinity;
    const all = back || referenceMs >= this.firstDueMs;
    this.lookbackMs = lookbackMs;
    series.readRows(referenceMs - lookbackMs + 1, all, this.read);
    if (all) {
      this.firstDueMs = Infinity;
      for (const dueMs of this.dueMs) if (dueMs < this.firstDueMs) this.firstDueMs = dueMs;
    }
  }

  private shape(): void {
    this.output.reshape(this.series.labels);
    this.dueMs = new Float64Array(this.series.rows).fill(Infinity);
  }

  nextChangeMs(): number {
    return this.pinned ? Infinity : this.firstDueMs + this.shiftMs;
  }

  private readonly read = (row: number, samples: SampleView | undefined): void => {
    const { output, referenceMs, lookbackMs } = this;
    if (samples === undefined) {
      this.note(row, Infinity);
      output.setAbsent(row);
      return;
    }
    const { timestamps, values, histograms, from, to } = samples;
    let index = to - 1;
    while (index >= from && timestamps[index] > referenceMs) index--;
    const nextMs = index + 1 < to ? timestamps[index + 1] : Infinity;
    if (index < from || timestamps[index] <= referenceMs - lookbackMs) {
      this.note(row, nextMs);
      output.setAbsent(row);
      return;
    }
    const sampleMs = timestamps[index];
    if (sampleMs > this.newestMs) this.newestMs = sampleMs;
    const value = values[index];
    if (value !== value && isStale(values, index)) {
      this.note(row, nextMs);
      output.setAbsent(row);
      return;
    }
    this.note(row, Math.min(nextMs, sampleMs + lookbackMs));
    const histogram = histograms?.[index];
    if (histogram === undefined) output.setFloat(row, value);
    else output.setHistogram(row, histogram);
  };

  private note(row: number, dueMs: number): void {
    this.dueMs[row] = dueMs;
    if (dueMs < this.firstDueMs) this.firstDueMs = dueMs;
  }
}
