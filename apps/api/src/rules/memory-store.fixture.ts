import { isStale, Labels, type Matcher } from '@opsroom/promql';
import { Subject } from 'rxjs';
import type { MetricMetadata } from '../model/batch.js';
import type { Commit } from '../model/commit.js';
import { type AppendInput, type AppendResult, type StorageHealth, type StorageStats, Store } from '../storage/store.js';
import { MemorySeries } from './test-rules/memory-series.js';

/** As much of a store as rules need, in memory. */
export class MemoryStore extends Store {
  readonly series = new MemorySeries();
  readonly commits = new Subject<Commit>();
  readonly commits$ = this.commits.asObservable();
  private readonly labels: Labels[] = [];

  resolve(labels: Labels): number {
    const known = this.labels.findIndex((other) => other.key === labels.key);
    return known >= 0 ? known : this.labels.push(labels) - 1;
  }

  append(input: AppendInput): AppendResult {
    for (let i = 0; i < input.count; i++) {
      const labels = this.labels[input.refs[i]];
      if (isStale(input.values, i)) this.series.appendStale(labels, input.timestamps[i]);
      else this.series.append(labels, input.timestamps[i], input.values[i]);
    }
    return { appended: input.count, sameAgain: 0, refused: new Map(), firstRefused: new Map() };
  }

  /** A source's sample, with its commit. */
  arrive(set: Record<string, string>, timeMs: number, value: number): void {
    this.series.append(Labels.from(set), timeMs, value);
    const one = { refs: new Uint32Array(1), timestamps: new Float64Array([timeMs]), values: new Float64Array([value]) };
    this.commits.next({
      ...one,
      source: 'test',
      receivedMs: timeMs,
      count: 1,
      minMs: timeMs,
      maxMs: timeMs,
      created: [],
      outOfOrder: false,
    });
  }

  select = (matchers: readonly Matcher[], startMs: number, endMs: number) =>
    this.series.select(matchers, startMs, endMs);

  refs(): Uint32Array {
    throw new Error('not part of this stand-in');
  }
  labelsOf(ref: number): Labels | undefined {
    return this.labels[ref];
  }
  labelNames(): string[] {
    throw new Error('not part of this stand-in');
  }
  labelValues(): string[] {
    throw new Error('not part of this stand-in');
  }
  seriesLabels(): Labels[] {
    throw new Error('not part of this stand-in');
  }
  metadata(): ReadonlyMap<string, MetricMetadata> {
    return new Map<string, MetricMetadata>();
  }
  deleteSeries(): number {
    throw new Error('not part of this stand-in');
  }
  health(): StorageHealth {
    return { writable: true, problem: '' };
  }
  stats(): StorageStats {
    throw new Error('not part of this stand-in');
  }
  flush(): Promise<void> {
    return Promise.resolve();
  }
}
