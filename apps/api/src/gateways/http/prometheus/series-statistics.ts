import { METRIC_NAME } from '@opsroom/contracts';
import type { Labels } from '@opsroom/promql';

export interface NamedCount {
  readonly name: string;
  readonly value: number;
}

/** What makes the cardinality of a set of series, each list from the largest count on. */
export interface LabelCounts {
  readonly seriesCountByMetricName: readonly NamedCount[];
  readonly labelValueCountByLabelName: readonly NamedCount[];
  /** Bytes of the distinct values. */
  readonly memoryInBytesByLabelName: readonly NamedCount[];
  /** Names are `label=value`. */
  readonly seriesCountByLabelValuePair: readonly NamedCount[];
}

export function countLabels(series: readonly Labels[]): LabelCounts {
  const byMetric = new Map<string, number>();
  const byLabel = new Map<string, Map<string, number>>();
  for (const labels of series) {
    for (let i = 0; i < labels.size; i++) {
      const name = labels.names[i];
      const value = labels.values[i];
      if (name === METRIC_NAME) byMetric.set(value, (byMetric.get(value) ?? 0) + 1);
      let values = byLabel.get(name);
      if (!values) byLabel.set(name, (values = new Map<string, number>()));
      values.set(value, (values.get(value) ?? 0) + 1);
    }
  }
  const labels = [...byLabel];
  const bytesOf = (values: Iterable<string>): number =>
    [...values].reduce((sum, one) => sum + Buffer.byteLength(one), 0);
  return {
    seriesCountByMetricName: largestFirst([...byMetric]),
    labelValueCountByLabelName: largestFirst(labels.map(([name, values]) => [name, values.size])),
    memoryInBytesByLabelName: largestFirst(labels.map(([name, values]) => [name, bytesOf(values.keys())])),
    seriesCountByLabelValuePair: largestFirst(
      labels.flatMap(([name, values]) => [...values].map(([value, n]): [string, number] => [`${name}=${value}`, n])),
    ),
  };
}

function largestFirst(counts: readonly (readonly [name: string, value: number])[]): NamedCount[] {
  return counts
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1));
}
