import type { Labels } from '@opsroom/promql';
import type { Store } from '../storage/store.js';
import { labelsProblem } from './check-labels.js';

/** Why a series gets no reference. */
export type ResolveRefusal = 'invalid_labels' | 'too_many_series';

/**
 * References of label sets by their identity: a source hands out the same instance for the same series, so its labels are looked at
 * once. A series that was deleted meanwhile is made anew.
 */
export class SeriesResolver {
  private readonly refs = new WeakMap<Labels, number>();

  constructor(private readonly store: Pick<Store, 'resolve' | 'labelsOf'>) {}

  resolve(labels: Labels, source: string): number | ResolveRefusal {
    const known = this.refs.get(labels);
    if (known !== undefined && this.store.labelsOf(known) !== undefined) return known;
    if (known === undefined && labelsProblem(labels) !== undefined) return 'invalid_labels';
    const ref = this.store.resolve(labels, source);
    if (ref < 0) return 'too_many_series';
    this.refs.set(labels, ref);
    return ref;
  }
}
