import type { FloatHistogram } from '../histogram/float-histogram.js';
import { usesCustomBuckets, withHint } from '../histogram/layout.js';
import type { SeriesSamples } from '../model/queryable.js';
import type { SelectNode } from '../plan/nodes.js';
import { annotate } from './annotations.js';
import { type Block, FLOAT } from './block.js';
import type { Evaluation } from './evaluation.js';
import { windowSeries } from './float-series.js';
import { interpolateHistograms } from './histogram-rate.js';
import { firstAfter, interpolate } from './kernels/extended.js';
import type { References } from './select.js';

/**
 * A row of a `smoothed` instant selector: the value on the line between the samples before and after each step, within the
 * lookback on both sides; the last one goes on where nothing follows.
 */
export function smoothRow(
  evaluation: Evaluation,
  samples: SeriesSamples,
  node: SelectNode,
  { firstMs, stepMs, lookbackMs }: References,
  block: Block,
  cell: number,
): number {
  const series = windowSeries(samples);
  const { timestamps, values } = series;
  let found = 0;
  for (let step = 0; step < block.steps; step++) {
    const timeMs = firstMs + step * stepMs;
    const from = firstAfter(timestamps, series.from, series.to, timeMs - lookbackMs, false);
    const to = firstAfter(timestamps, from, series.to, timeMs + lookbackMs, false);
    const column = series.histograms;
    const histogramIndices = column?.timestamps
      .map((_, i) => i)
      .filter((i) => column.timestamps[i] > timeMs - lookbackMs && column.timestamps[i] <= timeMs + lookbackMs);
    if (column !== undefined && histogramIndices !== undefined && histogramIndices.length > 0) {
      if (to > from) {
        evaluation.annotations.add(annotate.mixedFloatsHistograms(samples.labels.metricName, node.range));
        continue;
      }
      const histogram = smoothHistogram(evaluation, column, histogramIndices, timeMs, samples, node);
      if (histogram === undefined) continue;
      block.setHistogram(cell + step, histogram);
      found++;
      continue;
    }
    const at = firstAfter(timestamps, from, to, timeMs, true);
    let value: number;
    if (at < to && timestamps[at] === timeMs) value = values[at];
    else if (at === from) continue;
    else if (at < to) value = interpolate(timestamps, values, at - 1, timeMs, false);
    else value = values[at - 1];
    block.values[cell + step] = value;
    block.present[cell + step] = FLOAT;
    found++;
  }
  return found;
}

function smoothHistogram(
  evaluation: Evaluation,
  column: { readonly timestamps: readonly number[]; readonly values: readonly FloatHistogram[] },
  indices: readonly number[],
  timeMs: number,
  samples: SeriesSamples,
  node: SelectNode,
): FloatHistogram | undefined {
  const at = indices.findIndex((i) => column.timestamps[i] >= timeMs);
  if (at >= 0 && column.timestamps[indices[at]] === timeMs) return column.values[indices[at]];
  if (at === 0) return undefined;
  // The hint tells of the sample before, not of the value: it does not go on with it.
  if (at < 0) return withHint(column.values[indices[indices.length - 1]], 'unknown');
  const previous = indices[at - 1];
  const next = indices[at];
  const a = column.values[previous];
  const b = column.values[next];
  if (usesCustomBuckets(a) !== usesCustomBuckets(b)) {
    evaluation.annotations.add(annotate.mixedExponentialCustom(samples.labels.metricName, node.range));
    return undefined;
  }
  const counter = a.counterResetHint !== 'gauge' || b.counterResetHint !== 'gauge';
  return interpolateHistograms(
    a,
    column.timestamps[previous],
    b,
    column.timestamps[next],
    timeMs,
    counter,
    (operation) => {
      evaluation.annotations.add(annotate.bucketsReconciled(operation, node.range));
    },
  );
}
