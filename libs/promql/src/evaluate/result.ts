import type { FloatHistogram } from '../histogram/float-histogram.js';
import type { Labels } from '../model/labels.js';

/** One output series as columns over the query's steps: values[i] belongs to startMs + i * stepMs. */
export interface ResultSeries {
  readonly labels: Labels;
  /** One entry per step; it means nothing where `present` is not 1. */
  readonly values: Float64Array;
  /** One entry per step. 0: no sample, 1: a float in `values`, 2: a native histogram in `histograms`. */
  readonly present: Uint8Array;
  /** There when at least one step holds a histogram. */
  readonly histograms?: readonly (FloatHistogram | undefined)[];
}

export interface Annotations {
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** What an evaluation over steps gives. `samples` counts those it touched, as Prometheus's statistics do. */
export type EvaluationResult = {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly steps: number;
  readonly annotations: Annotations;
  readonly samples: { readonly total: number; readonly peak: number };
} & (
  | { readonly type: 'scalar'; readonly values: Float64Array }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly series: readonly ResultSeries[] }
  /** An instant query of a range vector: raw samples. */
  | { readonly type: 'matrix'; readonly series: readonly RawSeries[] }
);

export interface RawSeries {
  readonly labels: Labels;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
  readonly histograms?: readonly (FloatHistogram | undefined)[];
}
