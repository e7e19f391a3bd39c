import { isStale, Labels, type Matcher } from '@opsroom/promql';
import { Subject } from 'rxjs';
import type { Commit } from '../model/commit.js';
import type { AppendInput, AppendResult, Store } from '../storage/store.js';
import { MemorySeries } from './test-rules/memory-series.js';

/** As much of a store as rules need, in memory. */
export class MemoryStore implements Pick<Store, 'commits$' | 'resolve' | 'append' | 'select'> {
  readonly series = new MemorySeries();
  readonly commits = new Subject<Commit>();
  readonly commits$ = this.commits.asObservable();
  private readonly labels: Labels[] = [];

  /** For constructors that want a whole store; what is not here is not called by rules. */
  get asStore(): Store {
    return this as unknown as Store;
  }

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
}
