import type { Labels, Matcher } from '@opsroom/promql';
import type { Commit, DeletedRange } from '../model/commit.js';
import type { Store } from '../storage/store.js';
import type { TopicCommit } from './evaluator.js';
import { PickedSamples } from './picked-samples.js';

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

interface Known {
  readonly selectors: readonly Selector[];
  readonly mark: Mark;
  readonly refs: Set<number>;
  readonly reader: (commit: TopicCommit) => void;
  readonly picked: PickedSamples;
}

/** Which topics read which series, so that a commit marks exactly the topics that it concerns. */
export class SeriesIndex {
  /** By series reference. */
  private readonly marks: (readonly Known[] | undefined)[] = [];
  private readonly named = new Map<string, Set<Selector>>();
  private readonly unnamed = new Set<Selector>();
  private readonly known = new Map<Mark, Known>();
  /** Marks that the commit in hand touches. */
  private readonly touched = new Set<Known>();

  constructor(private readonly store: Pick<Store, 'refs' | 'labelsOf'>) {}

  /** From now on `reader` gets what of each commit the selectors read, and `mark` says what has come. */
  add(mark: Mark, selectors: readonly (readonly Matcher[])[], reader: (commit: TopicCommit) => void): void {
    const entries = selectors.map((matchers) => ({ matchers, mark }));
    this.known.set(mark, { mark, selectors: entries, refs: new Set(), reader, picked: new PickedSamples() });
    for (const entry of entries) {
      this.bucket(entry.matchers).add(entry);
      for (const ref of this.store.refs(entry.matchers)) this.link(ref, mark);
    }
  }

  remove(mark: Mark): void {
    const known = this.known.get(mark);
    if (!known) return;
    for (const entry of known.selectors) this.bucket(entry.matchers).delete(entry);
    this.known.delete(mark);
    for (const ref of known.refs) {
      const rest = this.marks[ref]?.filter((other) => other !== known);
      this.marks[ref] = rest && rest.length > 0 ? rest : undefined;
    }
  }

  /** Marks the topics that read something of it. True if there is any. */
  commit(commit: Commit): boolean {
    for (const ref of commit.created) this.admit(ref);
    for (let i = 0; i < commit.count; i++) {
      const marks = this.marks[commit.refs[i]];
      if (marks === undefined) continue;
      for (const known of marks) {
        known.picked.push(commit.refs[i], commit.timestamps[i], commit.values[i]);
        this.touched.add(known);
      }
    }
    if (commit.deleted) return this.forgotten(commit.deleted);
    if (this.touched.size === 0) return false;
    const lagMs = commit.receivedMs - commit.maxMs;
    for (const { mark, picked, reader } of this.touched) {
      mark.newestMs = Math.max(mark.newestMs, picked.maxMs);
      mark.dirtyFromMs = Math.min(mark.dirtyFromMs, picked.minMs);
      mark.dirtyToMs = Math.max(mark.dirtyToMs, picked.maxMs);
      mark.receivedMs = Math.min(mark.receivedMs, commit.receivedMs);
      mark.lagMs = Math.max(mark.lagMs, lagMs);
      reader(picked);
      picked.clear();
    }
    this.touched.clear();
    return true;
  }

  /** Marks the topics that have read deleted samples: what they made of them is corrected. True if there is any. */
  private forgotten({ refs, startMs, endMs }: DeletedRange): boolean {
    for (const ref of refs) for (const known of this.marks[ref] ?? []) this.touched.add(known);
    const any = this.touched.size > 0;
    for (const { mark, picked, reader } of this.touched) {
      mark.dirtyFromMs = Math.min(mark.dirtyFromMs, startMs);
      mark.dirtyToMs = Math.max(mark.dirtyToMs, endMs);
      picked.deleted = true;
      reader(picked);
      picked.clear();
    }
    this.touched.clear();
    return any;
  }

  /** A series that is new: links it to the selectors that it satisfies. */
  private admit(ref: number): void {
    if (this.known.size === 0) return;
    const labels = this.store.labelsOf(ref);
    if (!labels) return;
    for (const selectors of [this.named.get(labels.metricName), this.unnamed]) {
      for (const { matchers, mark } of selectors ?? [])
        if (satisfies(labels, matchers)) this.link(ref, mark)?.picked.created.push(ref);
    }
  }

  /** Undefined when it was linked already. */
  private link(ref: number, mark: Mark): Known | undefined {
    const known = this.known.get(mark);
    if (!known || known.refs.has(ref)) return undefined;
    known.refs.add(ref);
    this.marks[ref] = [...(this.marks[ref] ?? []), known];
    return known;
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
