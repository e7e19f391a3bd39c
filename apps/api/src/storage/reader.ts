import { byCodePoint } from '@opsroom/contracts';
import type { Labels, Matcher, SampleView, SeriesSamples } from '@opsroom/promql';
import type { Piece } from './blocks/block-format.js';
import type { BlockEntry } from './blocks/block-index.js';
import type { BlockStore } from './blocks/block-store.js';
import { mergePieces } from './blocks/merge.js';
import type { Head } from './head/head.js';
import type { HeadSeries } from './head/head-series.js';

type MatcherSets = readonly (readonly Matcher[])[];

/** A range with the blocks that reach into it, once they have been asked for. */
interface BlockRange {
  readonly startMs: number;
  readonly endMs: number;
  entries: BlockEntry[] | undefined;
}

/** In: matchers and a time range. Out: series and samples of head and blocks as one. Owns: the latest selections by matchers. */
export class Reader {
  private readonly selections = new WeakMap<readonly Matcher[], { version: number; refs: readonly number[] }>();

  constructor(
    private readonly head: Head,
    private readonly blocks: BlockStore,
  ) {}

  /** A plan asks with the same matchers again and again: the answer is kept while no series came or went. */
  matching(matchers: readonly Matcher[]): readonly number[] {
    const { version } = this.head.postings;
    const known = this.selections.get(matchers);
    if (known?.version === version) return known.refs;
    const refs = this.head.postings.select(matchers);
    this.selections.set(matchers, { version, refs });
    return refs;
  }

  *select(matchers: readonly Matcher[], startMs: number, endMs: number): Generator<SeriesSamples> {
    const range: BlockRange = { startMs, endMs, entries: undefined };
    for (const ref of this.matching(matchers)) {
      const series = this.head.series[ref];
      const samples = series && this.samplesOf(series, range);
      if (samples) yield samples;
    }
  }

  /** Points `view` at the head's own columns where they hold everything from `startMs` on, at a merged copy otherwise. */
  view(ref: number, startMs: number, view: SampleView): boolean {
    const series = this.head.series[ref];
    if (!series) return false;
    const { main, late } = series;
    if ((series.inBlocks && startMs < series.coveredFromMs) || (late !== undefined && late.length > 0)) {
      const samples = this.samplesOf(series, { startMs, endMs: Infinity, entries: undefined });
      if (!samples) return false;
      view.timestamps = samples.timestamps;
      view.values = samples.values;
      view.histograms = samples.histograms;
      view.from = samples.from;
      view.to = samples.to;
      return true;
    }
    if (main.length === 0 || main.lastMs < startMs) return false;
    view.timestamps = main.timestamps;
    view.values = main.values;
    view.histograms = main.histograms;
    view.from = main.from;
    view.to = main.to;
    return true;
  }

  /** Undefined where the series has no samples in the range. */
  private samplesOf(series: HeadSeries, range: BlockRange): SeriesSamples | undefined {
    const { startMs, endMs } = range;
    const { ref } = series;
    const pieces: Piece[] = [];
    if (series.inBlocks && startMs < series.coveredFromMs) {
      range.entries ??= this.blocks.overlapping(startMs, endMs);
      pieces.push(...this.blocks.read(range.entries, ref, startMs, endMs, series.coveredFromMs));
    }
    for (const columns of [series.main, series.late]) {
      if (!columns || columns.length === 0) continue;
      const from = columns.lowerBound(startMs);
      const to = columns.upperBound(endMs);
      const { timestamps, values, histograms } = columns;
      if (to > from) pieces.push({ ref, timestamps, values, histograms, from, to });
    }
    return pieces.length > 0 ? mergePieces(ref, series.labels, pieces) : undefined;
  }

  /** Exact for samples in memory; a series in blocks counts when one of its blocks reaches into the range. */
  seriesLabels(matcherSets: MatcherSets, startMs: number, endMs: number): Labels[] {
    const labels: Labels[] = [];
    let inBlocks: ReadonlySet<number> | undefined;
    for (const ref of this.union(matcherSets.length > 0 ? matcherSets : [[]])) {
      const series = this.head.series[ref];
      if (!series) continue;
      if (!series.overlaps(startMs, endMs)) {
        if (!series.inBlocks || startMs >= series.coveredFromMs) continue;
        inBlocks ??= this.blocks.refsIn(startMs, endMs);
        if (!inBlocks.has(ref)) continue;
      }
      labels.push(series.labels);
    }
    return labels;
  }

  /** Sorted by code point. */
  labelNames(matcherSets: MatcherSets, startMs: number, endMs: number): string[] {
    const names = new Set<string>();
    for (const labels of this.seriesLabels(matcherSets, startMs, endMs))
      for (const name of labels.names) names.add(name);
    return [...names].sort(byCodePoint);
  }

  /** Sorted by code point. */
  labelValues(name: string, matcherSets: MatcherSets, startMs: number, endMs: number): string[] {
    const values = new Set<string>();
    for (const labels of this.seriesLabels(matcherSets, startMs, endMs)) values.add(labels.get(name));
    values.delete('');
    return [...values].sort(byCodePoint);
  }

  union(matcherSets: MatcherSets): Set<number> {
    const refs = new Set<number>();
    for (const matchers of matcherSets) for (const ref of this.matching(matchers)) refs.add(ref);
    return refs;
  }
}
