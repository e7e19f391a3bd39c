import {
  type FloatHistogram,
  type Labels,
  type LiveCommit,
  type LiveSource,
  type Matcher,
  type SeriesSamples,
  writeStale,
} from '@opsroom/promql';

interface Stored {
  labels: Labels;
  readonly timestamps: number[];
  /** `stale` stands for the marker. */
  readonly values: (number | 'stale' | FloatHistogram)[];
}

/** One sample of a commit: the series is made if it is new. */
export interface NewSample {
  readonly labels: Labels;
  readonly timestampMs: number;
  readonly value: number | 'stale' | FloatHistogram;
}

/** A store in memory for tests: takes samples in any order; with `direct` it can read single series. */
export class MemorySource implements LiveSource {
  private readonly stored: (Stored | undefined)[] = [];
  private readonly refByKey = new Map<string, number>();
  view: LiveSource['view'];

  constructor(direct = true) {
    if (!direct) return;
    this.view = (ref, startMs, view) => {
      // Some samples from before are part of the contract.
      const samples = this.read(ref, ref % 2 === 0 ? startMs : startMs - 5000, Infinity);
      if (samples === undefined) return false;
      Object.assign(view, { histograms: undefined, ...samples });
      return true;
    };
  }

  /** Samples at a time that is taken already are refused. */
  append(samples: readonly NewSample[]): LiveCommit {
    const created: number[] = [];
    const refs: number[] = [];
    const timestamps: number[] = [];
    for (const { labels, timestampMs, value } of samples) {
      let ref = this.refByKey.get(labels.key);
      if (ref === undefined) {
        ref = this.stored.length;
        this.stored.push({ labels, timestamps: [], values: [] });
        this.refByKey.set(labels.key, ref);
        created.push(ref);
      }
      const series = this.stored[ref] as Stored;
      let at = series.timestamps.length;
      while (at > 0 && series.timestamps[at - 1] > timestampMs) at--;
      if (at > 0 && series.timestamps[at - 1] === timestampMs) continue;
      series.timestamps.splice(at, 0, timestampMs);
      series.values.splice(at, 0, value);
      refs.push(ref);
      timestamps.push(timestampMs);
    }
    return { refs, timestamps: Float64Array.from(timestamps), count: refs.length, created };
  }

  /** Forgets a series whole. */
  delete(labels: Labels): void {
    const ref = this.refByKey.get(labels.key);
    if (ref === undefined) return;
    this.refByKey.delete(labels.key);
    this.stored[ref] = undefined;
  }

  refs(matchers: readonly Matcher[]): number[] {
    const refs: number[] = [];
    this.stored.forEach((series, ref) => {
      if (series && matchers.every((m) => m.matches(series.labels.get(m.name)))) refs.push(ref);
    });
    return refs;
  }

  labelsOf(ref: number): Labels | undefined {
    return this.stored[ref]?.labels;
  }

  *select(matchers: readonly Matcher[], startMs: number, endMs: number): Iterable<SeriesSamples> {
    for (const ref of this.refs(matchers)) {
      const samples = this.read(ref, startMs, endMs);
      if (samples !== undefined) yield samples;
    }
  }

  private read(ref: number, startMs: number, endMs: number): SeriesSamples | undefined {
    const series = this.stored[ref];
    if (series === undefined) return undefined;
    const indices = series.timestamps.flatMap((t, i) => (t >= startMs && t <= endMs ? [i] : []));
    if (indices.length === 0) return undefined;
    const values = new Float64Array(indices.length);
    const histograms: (FloatHistogram | undefined)[] = [];
    indices.forEach((index, i) => {
      const value = series.values[index];
      if (value === 'stale') writeStale(values, i);
      else if (typeof value === 'number') values[i] = value;
      else {
        values[i] = NaN;
        histograms[i] = value;
      }
    });
    return {
      ref,
      labels: series.labels,
      timestamps: Float64Array.from(indices, (i) => series.timestamps[i]),
      values,
      ...(histograms.length > 0 ? { histograms } : {}),
      from: 0,
      to: indices.length,
    };
  }
}
