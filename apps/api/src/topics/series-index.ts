import { type Labels, type Matcher } from '@opsroom/promql';
import type { Commit } from '../model/commit.js';
import type { Store } from '../storage/store.js';

/** What has come for one topic since it was last evaluated; times in ms. */
export interface Mark {
  newestMs: number;
  dirtyFromMs: number;
  dirtyToMs: number;
  /** When the oldest of it was received, by the clock; Infinity when nothing has come. */
  receivedMs: number;
  /** How much later than taken its samples were lately received. */
  lagMs: number;
}

export const newMark = (): Mark => ({
  newestMs: 0,
  dirtyFromMs: Infinity,
  dirtyToMs: -Infinity,
  receivedMs: Infinity,
  lagMs: 0,
});

interface Selector {
  readonly matchers: readonly Matcher[];
  readonly mark: Mark;
}

/** Which topics read which series, so that a commit marks exactly the topics that it concerns. */
export class SeriesIndex {
  /** By series reference. */
  private readonly marks: (Mark[] | undefined)[] = [];
  private readonly named = new Map<string, Set<Selector>>();
  private readonly unnamed = new Set<Selector>();
  private readonly known = new Map<Mark, { readonly selectors: readonly Selector[]; readonly refs: Set<number> }>();

  constructor(private readonly store: Pick<Store, 'refs' | 'labelsOf'>) {}

  add(mark: Mark, selectors: readonly (readonly Matcher[])[]): void {
    const entries = selectors.map((matchers) => ({ matchers, mark }));
    this.known.set(mark, { selectors: entries, refs: new Set() });
    for (const entry of entries) {
      this.bucket(entry.matchers).add(entry);
      for (const ref of this.store.refs(entry.matchers)) this.link(ref, mark);
    }
  }

  remove(mark: Mark): void {
    const { selectors, refs } = this.known.get(mark) ?? { selectors: [], refs: [] };
    for (const entry of selectors) this.bucket(entry.matchers).delete(entry);
    this.known.delete(mark);
    for (const ref of refs) {
      const rest = this.marks[ref]?.filter((other) => other !== mark);
      this.marks[ref] = rest && rest.length > 0 ? rest : undefined;
    }
  }

  /** Marks the topics that read something of it. True if there is any. */
  commit(commit: Commit): boolean {
    for (const ref of commit.created) this.admit(ref);
    let touched = false;
    const lagMs = commit.receivedMs - commit.maxMs;
    for (let i = 0; i < commit.count; i++) {
      const marks = this.marks[commit.refs[i]];
      if (marks === undefined) continue;
      touched = true;
      const timeMs = commit.timestamps[i];
      for (const mark of marks) {
        if (timeMs > mark.newestMs) mark.newestMs = timeMs;
        if (timeMs < mark.dirtyFromMs) mark.dirtyFromMs = timeMs;
        if (timeMs > mark.dirtyToMs) mark.dirtyToMs = timeMs;
        if (commit.receivedMs < mark.receivedMs) mark.receivedMs = commit.receivedMs;
        if (lagMs > mark.lagMs) mark.lagMs = lagMs;
      }
    }
    return touched;
  }

  /** A series that is new: links it to the selectors that it satisfies. */
  private admit(ref: number): void {
    if (this.known.size === 0) return;
    const labels = this.store.labelsOf(ref);
    if (!labels) return;
    for (const selectors of [this.named.get(labels.metricName), this.unnamed]) {
      for (const { matchers, mark } of selectors ?? []) if (satisfies(labels, matchers)) this.link(ref, mark);
    }
  }

  private link(ref: number, mark: Mark): void {
    const refs = this.known.get(mark)?.refs;
    if (!refs || refs.has(ref)) return;
    refs.add(ref);
    this.marks[ref] = [...(this.marks[ref] ?? []), mark];
  }

  private bucket(matchers: readonly Matcher[]): Set<Selector> {
    const name = matchers.find((matcher) => matcher.name === '__name__' && matcher.operator === '=')?.value;
    if (name === undefined) return this.unnamed;
    let bucket = this.named.get(name);
    if (!bucket) this.named.set(name, (bucket = new Set()));
    return bucket;
  }
}

function satisfies(labels: Labels, matchers: readonly Matcher[]): boolean {
  return matchers.every((matcher) => matcher.matches(labels.get(matcher.name)));
}
