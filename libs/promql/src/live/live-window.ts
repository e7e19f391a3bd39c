import { PromqlLimitError } from '../errors.js';
import type { Annotations } from '../evaluate/result.js';
import { AnnotationSet } from '../evaluate/annotations.js';
import { windowSeries } from '../evaluate/float-series.js';
import { withoutMetadata } from '../evaluate/metadata-labels.js';
import { nonCounter } from '../evaluate/window.js';
import { type WindowFunction, windowFunctions } from '../evaluate/window-functions.js';
import type { Labels } from '../model/labels.js';
import { isStale } from '../model/stale.js';
import { resolveAt, resolveDuration, resolvePositiveDuration } from '../plan/durations.js';
import type { CallNode, WindowNode } from '../plan/nodes.js';
import { type LiveScalarNode, type LiveTick, type LiveVectorNode, SILENT } from './live-node.js';
import { recompute } from './live-operator.js';
import { hasDuplicates } from './live-labels.js';
import { LiveVector } from './live-vector.js';
import { firstAfterNear } from './nearby.js';
import { SelectedSeries } from './selected-series.js';
import type { LiveSource, SampleView } from './source.js';

/** Functions whose result depends on where the window's samples lie within it, so that every slide changes it. */
const BOUND: ReadonlySet<string> = new Set(['rate', 'increase', 'delta', 'predict_linear']);

/**
 * A function of a range selector. A window is read again when samples come or go; for rate and its like at every time, but
 * then two samples and the newest counter reset are all that is looked at. The samples themselves stay in the store.
 */
export class LiveWindow implements LiveVectorNode {
  readonly form = 'incremental';
  readonly output = new LiveVector();
  annotations: Annotations = SILENT;
  newestMs = -Infinity;
  readonly watched: readonly SelectedSeries[];
  private readonly series: SelectedSeries;
  private readonly window: WindowNode;
  private readonly func: WindowFunction;
  private readonly bound: boolean;
  /** By row: samples up to this time have been looked at; the newest reset and the newest stale marker among them. */
  private scannedMs = new Float64Array(0);
  private resetMs = new Float64Array(0);
  private staleMs = new Float64Array(0);
  /** By row: how many samples the window held. */
  private counts = new Int32Array(0);
  /** The window's end at which the first sample of any row leaves or enters, as far as rows have been read. */
  private firstDueMs = Infinity;
  private endMs = -Infinity;
  private shiftMs = 0;
  private startMs = 0;
  private evaluationMs = 0;
  /** How many more samples this evaluation may look at. */
  private samplesLeft = 0;
  private parameter = 0;
  private pinned = false;
  /** The batch evaluator is asked until the window's end gets here: there are native histograms in it. */
  private batchUntilMs = -Infinity;
  /** There are series that differ in their names alone. */
  private duplicates = false;

  constructor(
    readonly node: CallNode,
    source: LiveSource,
    private readonly scalar: LiveScalarNode | undefined,
  ) {
    this.window = node.args.find(({ kind }) => kind === 'window') as WindowNode;
    this.func = windowFunctions.get(node.func) as WindowFunction;
    this.bound = BOUND.has(node.func);
    this.series = new SelectedSeries(source, this.window.select.matchers);
    this.watched = [this.series];
  }

  get changed(): boolean {
    return this.output.changed;
  }

  get readsSamples(): boolean {
    return this.batched ? this.batchReads : this.counts.some((count) => count > 0);
  }

  update(tick: LiveTick): void {
    const { output, series } = this;
    output.begin();
    const { shift } = this.window.select;
    const rangeMs = resolvePositiveDuration(this.window.window, tick.times);
    this.shiftMs = resolveDuration(shift.offset, tick.times);
    this.pinned = shift.at?.kind === 'time';
    const endMs = (resolveAt(shift.at, tick.times) ?? tick.timeMs) - this.shiftMs;
    const back = endMs < this.endMs;
    const moved = endMs !== this.endMs || this.node.func === 'predict_linear';
    this.endMs = endMs;
    this.startMs = endMs - rangeMs;
    this.evaluationMs = tick.timeMs;
    this.samplesLeft = tick.options.limits.maxSamples;
    const parameter = this.scalar?.value ?? 0;
    const parameterChanged = !Object.is(parameter, this.parameter);
    this.parameter = parameter;
    const outside = this.node.func === 'quantile_over_time' && !(parameter >= 0 && parameter <= 1);

    if (series.resolve()) this.shape(tick);
    if (back) {
      this.scannedMs.fill(-Infinity);
      this.newestMs = -Infinity;
    }
    if (this.duplicates || outside || (endMs < this.batchUntilMs && !back)) return this.batch(tick);
    if (this.batched) {
      this.batched = false;
      this.shape(tick);
      series.markAll();
    }
    this.batchUntilMs = -Infinity;
    const all = back || parameterChanged || (this.bound ? moved : endMs >= this.firstDueMs);
    if (all) this.firstDueMs = Infinity;
    series.readRows(this.startMs + 1, all, this.readRow);
    if (this.batchUntilMs > endMs) return this.batch(tick);
    if (output.presenceChanged) this.annotations = this.notes(tick);
  }

  nextChangeMs(timeMs: number): number {
    if (this.pinned && this.node.func !== 'predict_linear') return Infinity;
    if (this.batched || (this.bound && this.firstDueMs < Infinity)) return timeMs + 1;
    return this.firstDueMs + this.shiftMs;
  }

  private batched = false;
  private batchReads = false;

  private batch(tick: LiveTick): void {
    this.batched = true;
    ({ annotations: this.annotations, readsSamples: this.batchReads } = recompute(this, tick));
  }

  private shape(tick: LiveTick): void {
    const { series, output } = this;
    const dropped = this.func.keepsName !== true;
    const delayed = tick.options.delayedNameRemoval;
    const labels: readonly Labels[] = dropped && !delayed ? series.labels.map(withoutMetadata) : series.labels;
    output.reshape(labels, new Uint8Array(series.rows).fill(dropped ? 1 : 0));
    this.duplicates = labels !== series.labels && hasDuplicates(labels);
    this.scannedMs = new Float64Array(series.rows).fill(-Infinity);
    this.resetMs = new Float64Array(series.rows).fill(-Infinity);
    this.staleMs = new Float64Array(series.rows).fill(-Infinity);
    this.counts = new Int32Array(series.rows);
  }

  private readonly readRow = (row: number, view: SampleView | undefined): void => {
    const { output, startMs, endMs } = this;
    if (view === undefined) {
      this.counts[row] = 0;
      output.setAbsent(row);
      return;
    }
    const { timestamps, histograms } = view;
    let { to } = view;
    let nextMs = Infinity;
    while (to > view.from && timestamps[to - 1] > endMs) nextMs = timestamps[--to];
    const from = firstAfterNear(timestamps, view.from, to, startMs, to - this.counts[row]);
    this.counts[row] = to - from;
    this.note(from < to ? Math.min(nextMs, timestamps[from] + endMs - startMs) : nextMs);
    if (from === to) {
      output.setAbsent(row);
      return;
    }
    if (timestamps[to - 1] > this.newestMs) this.newestMs = timestamps[to - 1];
    if (histograms !== undefined) {
      for (let i = from; i < to; i++) {
        if (histograms[i] !== undefined)
          this.batchUntilMs = Math.max(this.batchUntilMs, timestamps[i] + endMs - startMs);
      }
    }
    this.scan(row, view, from, to);
    if (this.staleMs[row] > startMs) this.writeWithoutMarkers(row, view, from, to);
    else this.write(row, timestamps, view.values, from, to, this.resetMs[row] <= timestamps[from]);
  };

  /** Looks at the samples that have come since the last time for resets and stale markers. */
  private scan(row: number, { timestamps, values }: SampleView, from: number, to: number): void {
    // A sample before what has been looked at may make or unmake a reset.
    const scannedMs = this.series.oldestNewMs[row] <= this.scannedMs[row] ? -Infinity : this.scannedMs[row];
    if (scannedMs === -Infinity) {
      this.resetMs[row] = -Infinity;
      this.staleMs[row] = -Infinity;
    }
    let resetMs = -Infinity;
    let staleMs = -Infinity;
    for (let i = to - 1; i >= from && timestamps[i] > scannedMs; i--) {
      const value = values[i];
      if (value !== value) {
        if (staleMs === -Infinity && isStale(values, i)) staleMs = timestamps[i];
      } else if (i > from && value < values[i - 1] && resetMs === -Infinity) {
        resetMs = timestamps[i];
      }
    }
    if (resetMs > this.resetMs[row]) this.resetMs[row] = resetMs;
    if (staleMs > this.staleMs[row]) this.staleMs[row] = staleMs;
    this.scannedMs[row] = timestamps[to - 1];
  }

  private writeWithoutMarkers(row: number, samples: SampleView, from: number, to: number): void {
    const { timestamps, values } = samples;
    // Counted without the markers; where the window begins is looked for near it, not at it.
    const floats = windowSeries({ ref: -1, labels: this.series.labels[row], timestamps, values, from, to });
    this.counts[row] = floats.to - floats.from;
    this.write(row, floats.timestamps, floats.values, floats.from, floats.to, false);
  }

  private write(
    row: number,
    timestamps: Float64Array,
    values: Float64Array,
    from: number,
    to: number,
    monotonic: boolean,
  ): void {
    const { func, output } = this;
    if (to - from < func.minFloats || to === from) {
      output.setAbsent(row);
      return;
    }
    const short = monotonic && func.monotonicKernel !== undefined;
    const kernel = short ? func.monotonicKernel : func.kernel;
    this.samplesLeft -= short ? 2 : to - from;
    if (this.samplesLeft < 0) {
      throw new PromqlLimitError('samples', 'a window function would look at too many samples in one evaluation');
    }
    const { startMs, endMs, evaluationMs, parameter } = this;
    output.setFloat(row, kernel(timestamps, values, from, to, startMs, endMs, evaluationMs, parameter, 0));
  }

  private note(dueMs: number): void {
    if (dueMs < this.firstDueMs) this.firstDueMs = dueMs;
  }

  /** rate and increase of what may be no counter are worth an info. */
  private notes(tick: LiveTick): Annotations {
    const { func } = this.node;
    if (func !== 'rate' && func !== 'increase') return SILENT;
    const set = new AnnotationSet();
    const { series, output } = this;
    const names = new Set<string>();
    for (let row = 0; row < series.rows; row++) {
      if (output.present[row] === 0) continue;
      const labels = series.labels[row];
      const key = `${labels.metricName}\n${labels.get('__type__')}`;
      if (names.has(key)) continue;
      names.add(key);
      const annotation = nonCounter(tick.options, labels, this.window.range);
      if (annotation !== undefined) set.add(annotation);
    }
    return set.result(tick.text);
  }
}
