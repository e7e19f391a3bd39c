import type { Labels, Matcher } from '@opsroom/promql';

/**
 * Which series have which label: name, then value, to the references in ascending order. References only grow, so a new series
 * is appended everywhere; a deletion rebuilds the lists that it touches.
 */
export class Postings {
  private readonly byName = new Map<string, Map<string, number[]>>();
  private readonly labels: (Labels | undefined)[] = [];
  private all: number[] = [];
  /** Grows with every series that comes or goes: whoever caches a selection compares it. */
  version = 0;

  get size(): number {
    return this.all.length;
  }

  add(ref: number, labels: Labels): void {
    this.labels[ref] = labels;
    this.all.push(ref);
    this.version++;
    for (let i = 0; i < labels.names.length; i++) {
      let values = this.byName.get(labels.names[i]);
      if (!values) {
        values = new Map<string, number[]>();
        this.byName.set(labels.names[i], values);
      }
      const refs = values.get(labels.values[i]);
      if (refs) refs.push(ref);
      else values.set(labels.values[i], [ref]);
    }
  }

  remove(refs: ReadonlySet<number>): void {
    const keep = (ref: number): boolean => !refs.has(ref);
    const touched = new Map<string, Set<string>>();
    for (const ref of refs) {
      const labels = this.labels[ref];
      this.labels[ref] = undefined;
      labels?.names.forEach((name, i) => {
        const values = touched.get(name) ?? new Set();
        touched.set(name, values.add(labels.values[i]));
      });
    }
    for (const [name, values] of touched) {
      const lists = this.byName.get(name);
      if (!lists) continue;
      for (const value of values) {
        const rest = lists.get(value)?.filter(keep) ?? [];
        if (rest.length > 0) lists.set(value, rest);
        else lists.delete(value);
      }
      if (lists.size === 0) this.byName.delete(name);
    }
    this.all = this.all.filter(keep);
    this.version++;
  }

  /** References of the series that satisfy all matchers, ascending. The array may be the index's own: read-only. */
  select(matchers: readonly Matcher[]): readonly number[] {
    // The shortest list that some matcher allows is the start; the labels of its series decide the rest.
    let base: readonly number[] | undefined;
    let decided: Matcher | undefined;
    for (const matcher of matchers) {
      const list = this.exactList(matcher);
      if (list && (!base || list.length < base.length)) {
        base = list;
        decided = matcher;
      }
    }
    if (!base) {
      const expression = matchers.find((matcher) => matcher.operator === '=~' && !matcher.matches(''));
      const present = matchers.find((matcher) => matcher.operator !== '=~' && !matcher.matches(''));
      const chosen = expression ?? present;
      base = chosen ? this.union(chosen) : this.all;
      decided = chosen;
    }
    let refs = base;
    for (const matcher of matchers) if (matcher !== decided) refs = this.filter(refs, matcher);
    return refs;
  }

  /** The list of a matcher that names its values; undefined for one that has to try them. */
  private exactList(matcher: Matcher): readonly number[] | undefined {
    if (matcher.operator === '=' && matcher.value !== '') return this.list(matcher.name, matcher.value);
    if (matcher.operator !== '=~' || !matcher.set || matcher.matches('')) return undefined;
    if (matcher.set.length === 1) return this.list(matcher.name, matcher.set[0]);
    return merge([...new Set(matcher.set)].map((value) => this.list(matcher.name, value)));
  }

  private list(name: string, value: string): readonly number[] {
    return this.byName.get(name)?.get(value) ?? [];
  }

  private union(matcher: Matcher): readonly number[] {
    const lists: (readonly number[])[] = [];
    for (const [value, refs] of this.byName.get(matcher.name) ?? []) {
      if (value.startsWith(matcher.prefix) && matcher.matches(value)) lists.push(refs);
    }
    return merge(lists);
  }

  private filter(refs: readonly number[], matcher: Matcher): readonly number[] {
    const { name } = matcher;
    const verdicts = new Map<string, boolean>();
    return refs.filter((ref) => {
      const value = this.labels[ref]?.get(name) ?? '';
      let verdict = verdicts.get(value);
      if (verdict === undefined) {
        verdict = (value === '' || value.startsWith(matcher.prefix)) && matcher.matches(value);
        verdicts.set(value, verdict);
      }
      return verdict;
    });
  }
}

/** A series has one value for a name, so the lists of different values never share a reference. */
function merge(lists: readonly (readonly number[])[]): readonly number[] {
  if (lists.length === 1) return lists[0];
  let total = 0;
  for (const list of lists) total += list.length;
  const merged = new Uint32Array(total);
  let at = 0;
  for (const list of lists) {
    merged.set(list, at);
    at += list.length;
  }
  return Array.from(merged.sort());
}
