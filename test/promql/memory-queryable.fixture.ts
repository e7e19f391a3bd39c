import type { FloatHistogram, Matcher, Queryable, SeriesSamples } from '@opsroom/promql';
import { hintWhenStored, writeStale } from '@opsroom/promql';
import type { DescribedSeries, Point } from './series-notation.fixture.js';

/** Series in arrays. Histograms get the counter reset hints that a store would give them. */
export class MemoryQueryable implements Queryable {
  private readonly series = new Map<string, { labels: DescribedSeries['labels']; points: Map<number, Point> }>();

  load(series: readonly DescribedSeries[], intervalMs: number): void {
    for (const { labels, points } of series) {
      const known = this.series.get(labels.key) ?? { labels, points: new Map<number, Point>() };
      this.series.set(labels.key, known);
      points.forEach((point, i) => {
        if (point !== undefined && !known.points.has(i * intervalMs)) known.points.set(i * intervalMs, point);
      });
    }
  }

  clear(): void {
    this.series.clear();
  }

  *select(matchers: readonly Matcher[], startMs: number, endMs: number): Iterable<SeriesSamples> {
    let ref = 0;
    for (const { labels, points } of this.series.values()) {
      if (!matchers.every((matcher) => matcher.matches(labels.get(matcher.name)))) continue;
      const columns = columnsOf(points);
      const { timestamps } = columns;
      const from = timestamps.findIndex((timeMs) => timeMs >= startMs);
      const after = timestamps.findIndex((timeMs) => timeMs > endMs);
      const to = after < 0 ? timestamps.length : after;
      if (from < 0 || from >= to) continue;
      yield { ref: ref++, labels, ...columns, from, to };
    }
  }
}

function columnsOf(points: ReadonlyMap<number, Point>): Pick<SeriesSamples, 'timestamps' | 'values' | 'histograms'> {
  const sorted = [...points].sort(([a], [b]) => a - b);
  const timestamps = Float64Array.from(sorted, ([timeMs]) => timeMs);
  const values = new Float64Array(sorted.length);
  const histograms: (FloatHistogram | undefined)[] = [];
  let previous: FloatHistogram | undefined;
  sorted.forEach(([, point], i) => {
    let histogram: FloatHistogram | undefined;
    if (point === 'stale') writeStale(values, i);
    else if (typeof point === 'number') values[i] = point;
    else if (point !== undefined) {
      values[i] = NaN;
      histogram = { ...point, counterResetHint: hintWhenStored(point, previous) };
      histograms[i] = histogram;
    }
    previous = histogram === undefined || typeof point !== 'object' ? undefined : point;
  });
  return histograms.length === 0 ? { timestamps, values } : { timestamps, values, histograms };
}
