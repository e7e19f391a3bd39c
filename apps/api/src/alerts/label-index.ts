import type { LabelSet, MatcherSpec } from '@opsroom/contracts';
import { createMatcher, type Matcher, PromqlSyntaxError } from '@opsroom/promql';
import { Refusal } from '../model/refusal.js';

/** Whether all matchers hold for the labels; an absent label has the value ''. */
export const matchesAll = (matchers: readonly Matcher[], labels: LabelSet): boolean =>
  matchers.every((matcher) => matcher.matches(labels[matcher.name] ?? ''));

/** Compiles what a person wrote; a bad regular expression is a refusal that names the matcher. */
export function compileMatchers(specs: readonly MatcherSpec[]): Matcher[] {
  return specs.map(({ name, operator, value }) => {
    try {
      return createMatcher(name, operator, value);
    } catch (error) {
      if (!(error instanceof PromqlSyntaxError)) throw error;
      throw new Refusal('bad_request', `matcher ${name}${operator}${JSON.stringify(value)}: ${error.message}`);
    }
  });
}

/** The matchers that name the only value they accept; the rest has to be tested one by one. */
const isEquality = (matcher: MatcherSpec): boolean => matcher.operator === '=' && matcher.value !== '';

/** Label sets by each of their labels, so that matchers with an equality touch few of them. */
export class LabelIndex {
  private readonly labels = new Map<string, LabelSet>();
  private readonly postings = new Map<string, Map<string, Set<string>>>();

  add(key: string, labels: LabelSet): void {
    if (this.labels.has(key)) return;
    this.labels.set(key, labels);
    for (const [name, value] of Object.entries(labels)) {
      const values = this.postings.get(name) ?? new Map<string, Set<string>>();
      this.postings.set(name, values);
      const keys = values.get(value);
      if (keys) keys.add(key);
      else values.set(value, new Set([key]));
    }
  }

  remove(key: string): void {
    const labels = this.labels.get(key);
    if (!labels) return;
    this.labels.delete(key);
    for (const [name, value] of Object.entries(labels)) {
      const values = this.postings.get(name);
      const keys = values?.get(value);
      keys?.delete(key);
      if (keys?.size === 0) values?.delete(value);
      if (values?.size === 0) this.postings.delete(name);
    }
  }

  /** Keys of the label sets that all matchers select. */
  *select(matchers: readonly Matcher[]): Iterable<string> {
    let candidates: Iterable<string> = this.labels.keys();
    let fewest = Infinity;
    for (const matcher of matchers) {
      if (!isEquality(matcher)) continue;
      const keys = this.postings.get(matcher.name)?.get(matcher.value);
      if (!keys) return;
      if (keys.size >= fewest) continue;
      candidates = keys;
      fewest = keys.size;
    }
    for (const key of candidates) {
      const labels = this.labels.get(key);
      if (labels && matchesAll(matchers, labels)) yield key;
    }
  }
}

/** Sets of matchers by one of their equalities, so that a label set is tested against few of them. */
export class MatcherIndex<T> {
  private readonly byLabel = new Map<string, Map<T, readonly Matcher[]>>();
  private readonly rest = new Map<T, readonly Matcher[]>();

  add(owner: T, matchers: readonly Matcher[]): void {
    const key = this.keyOf(matchers);
    if (key === undefined) {
      this.rest.set(owner, matchers);
      return;
    }
    const owners = this.byLabel.get(key) ?? new Map<T, readonly Matcher[]>();
    owners.set(owner, matchers);
    this.byLabel.set(key, owners);
  }

  remove(owner: T, matchers: readonly Matcher[]): void {
    const key = this.keyOf(matchers);
    if (key === undefined) this.rest.delete(owner);
    else if (this.byLabel.get(key)?.delete(owner) && this.byLabel.get(key)?.size === 0) this.byLabel.delete(key);
  }

  /** Owners of the sets that all hold for the labels. */
  matching(labels: LabelSet): T[] {
    const found: T[] = [];
    const test = (owners: ReadonlyMap<T, readonly Matcher[]>): void => {
      for (const [owner, matchers] of owners) if (matchesAll(matchers, labels)) found.push(owner);
    };
    if (this.byLabel.size > 0) {
      for (const [name, value] of Object.entries(labels)) {
        const owners = this.byLabel.get(labelKey(name, value));
        if (owners) test(owners);
      }
    }
    if (this.rest.size > 0) test(this.rest);
    return found;
  }

  private keyOf(matchers: readonly Matcher[]): string | undefined {
    const equality = matchers.find(isEquality);
    return equality && labelKey(equality.name, equality.value);
  }
}

const labelKey = (name: string, value: string): string => `${name.length}:${name}${value}`;
