import {
  type FloatHistogram,
  type Labels,
  type Matcher,
  type Queryable,
  type SeriesSamples,
  writeStale,
} from '@opsroom/promql';

interface Column {
  readonly ref: number;
  readonly labels: Labels;
  timestamps: Float64Array<ArrayBuffer>;
  values: Float64Array<ArrayBuffer>;
  histograms?: (FloatHistogram | undefined)[];
  count: number;
}

/** Samples in memory, for rules that are tried out: appended in order of time, read like the store. */
export class MemorySeries implements Queryable {
  private readonly columns = new Map<string, Column>();

  append(labels: Labels, timeMs: number, value: number | FloatHistogram): void {
    const column = this.reserve(labels, timeMs);
    if (!column) return;
    if (typeof value === 'object') {
      column.histograms ??= [];
      column.histograms[column.count] = value;
    }
    column.values[column.count++] = typeof value === 'object' ? NaN : value;
  }

  appendStale(labels: Labels, timeMs: number): void {
    const column = this.reserve(labels, timeMs);
    if (column) writeStale(column.values, column.count++);
  }

  *select(matchers: readonly Matcher[], startMs: number, endMs: number): Iterable<SeriesSamples> {
    for (const { ref, labels, timestamps, values, histograms, count } of this.columns.values()) {
      if (!matchers.every((matcher) => matcher.matches(labels.get(matcher.name)))) continue;
      const from = lowerBound(timestamps, count, startMs);
      const to = lowerBound(timestamps, count, endMs + 0.5);
      if (to > from) yield { ref, labels, timestamps, values, from, to, ...(histograms ? { histograms } : {}) };
    }
  }

  /** Room for one more sample; undefined when it is not newer than the last. */
  private reserve(labels: Labels, timeMs: number): Column | undefined {
    let column = this.columns.get(labels.key);
    if (!column) {
      column = {
        ref: this.columns.size,
        labels,
        timestamps: new Float64Array(16),
        values: new Float64Array(16),
        count: 0,
      };
      this.columns.set(labels.key, column);
    }
    if (column.count > 0 && timeMs <= column.timestamps[column.count - 1]) return undefined;
    if (column.count === column.timestamps.length) {
      column.timestamps = grown(column.timestamps);
      column.values = grown(column.values);
    }
    column.timestamps[column.count] = timeMs;
    return column;
  }
}

function grown(array: Float64Array): Float64Array<ArrayBuffer> {
  // Bytes, not numbers, are copied: a stale marker is a NaN whose bits matter.
  const bytes = new Uint8Array(array.byteLength * 2);
  bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return new Float64Array(bytes.buffer);
}

function lowerBound(times: Float64Array, count: number, timeMs: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle] < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
