import { type FloatHistogram, type Labels, writeStale } from '@opsroom/promql';
import type { Store } from '../storage/store.js';
import type { RuleSample } from './evaluation/evaluate-rule.js';

/** The source under which rules write. */
export const RULES_SOURCE = 'rules';

/**
 * In: what rules give. Out: samples in the store. Owns: the references of their series, so that a series is resolved once as
 * long as it lives.
 */
export class RuleWriter {
  private readonly refs = new Map<string, number>();

  constructor(private readonly store: Pick<Store, 'resolve' | 'append'>) {}

  /** Appends samples and the ends of series at one time. */
  write(samples: readonly RuleSample[], stale: readonly Labels[], atMs: number, receivedMs: number): void {
    const size = samples.length + stale.length;
    if (size === 0) return;
    const refs = new Uint32Array(size);
    const timestamps = new Float64Array(size).fill(atMs);
    const values = new Float64Array(size);
    const histograms: (FloatHistogram | undefined)[] = [];
    let count = 0;
    for (const { labels, value, histogram } of samples) {
      const ref = this.refOf(labels);
      if (ref < 0) continue;
      refs[count] = ref;
      if (histogram) histograms[count] = histogram;
      values[count++] = histogram ? NaN : value;
    }
    for (const labels of stale) {
      const ref = this.refOf(labels);
      this.refs.delete(labels.key);
      if (ref < 0) continue;
      refs[count] = ref;
      writeStale(values, count++);
    }
    const input = { source: RULES_SOURCE, receivedMs, refs, timestamps, values, count };
    this.store.append(histograms.length > 0 ? { ...input, histograms } : input);
  }

  private refOf(labels: Labels): number {
    const known = this.refs.get(labels.key);
    if (known !== undefined) return known;
    const ref = this.store.resolve(labels, RULES_SOURCE);
    if (ref >= 0) this.refs.set(labels.key, ref);
    return ref;
  }
}
