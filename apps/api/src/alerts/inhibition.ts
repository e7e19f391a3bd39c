import type { LabelSet } from '@opsroom/contracts';
import type { Matcher } from '@opsroom/promql';

/**
 * One rule of `inhibit_rules`, compiled: firing sources mute targets that have the same values of the `equal` labels and that name
 * them as their parents.
 */
export interface InhibitRule {
  readonly sourceMatchers: readonly Matcher[];
  readonly targetMatchers: readonly Matcher[];
  readonly equal: readonly string[];
  /** Label of the target to label of the source that must have the same value, which must not be empty. */
  readonly parentLabels: Readonly<Record<string, string>>;
}

/** An alert as one rule sees it. */
interface Side {
  /** What its targets have as their `targetKey`; undefined when it is no source. */
  readonly sourceKey: string | undefined;
  readonly targetKey: string | undefined;
}

/** Which alert inhibits which, kept up to date alert by alert: a change of one touches only those that share its key. */
export class InhibitionIndex {
  private readonly perRule: readonly RuleIndex[];
  private readonly known = new Map<string, readonly Side[]>();

  constructor(rules: readonly InhibitRule[]) {
    this.perRule = rules.map((rule) => new RuleIndex(rule));
  }

  /** Tells that an alert fires or has ceased to; returns the fingerprints whose inhibition may have changed by it. */
  update(fingerprint: string, labels: LabelSet, fires: boolean): Set<string> {
    const affected = new Set<string>();
    if (this.perRule.length === 0 || fires === this.known.has(fingerprint)) return affected;
    if (fires) {
      const sides = this.perRule.map((rule) => rule.sideOf(labels));
      this.known.set(fingerprint, sides);
      sides.forEach((side, i) => this.perRule[i].add(fingerprint, side, affected));
    } else {
      const sides = this.known.get(fingerprint) ?? [];
      this.known.delete(fingerprint);
      sides.forEach((side, i) => this.perRule[i].remove(fingerprint, side, affected));
    }
    affected.delete(fingerprint);
    return affected;
  }

  /** Fingerprint of an alert that inhibits this one now; undefined when none does. */
  inhibitedBy(fingerprint: string): string | undefined {
    const sides = this.known.get(fingerprint);
    if (!sides) return undefined;
    for (let i = 0; i < sides.length; i++) {
      const source = this.perRule[i].sourceFor(fingerprint, sides[i]);
      if (source !== undefined) return source;
    }
    return undefined;
  }
}

/**
 * As in Alertmanager, an alert that matches both sides of a rule is not inhibited by another one that does: they would mute each
 * other. Where parents are named a chain is meant, router over switch over host, so there it is not inhibited by one that it
 * is itself an ancestor of.
 */
class RuleIndex {
  private readonly sources = new Map<string, Map<string, Side>>();
  private readonly targets = new Map<string, Map<string, Side>>();
  private readonly parents: readonly (readonly [ofTarget: string, ofSource: string])[];

  constructor(private readonly rule: InhibitRule) {
    this.parents = Object.entries(rule.parentLabels);
  }

  sideOf(labels: LabelSet): Side {
    const { sourceMatchers, targetMatchers } = this.rule;
    return {
      sourceKey: this.keyOf(
        labels,
        sourceMatchers,
        this.parents.map(([, ofSource]) => ofSource),
      ),
      targetKey: this.keyOf(
        labels,
        targetMatchers,
        this.parents.map(([ofTarget]) => ofTarget),
      ),
    };
  }

  add(fingerprint: string, side: Side, affected: Set<string>): void {
    insert(this.targets, side.targetKey, fingerprint, side);
    insert(this.sources, side.sourceKey, fingerprint, side);
    this.touch(side, affected);
  }

  remove(fingerprint: string, side: Side, affected: Set<string>): void {
    erase(this.targets, side.targetKey, fingerprint);
    erase(this.sources, side.sourceKey, fingerprint);
    this.touch(side, affected);
  }

  sourceFor(fingerprint: string, target: Side): string | undefined {
    for (const [source, side] of this.sourcesOf(target)) {
      if (source !== fingerprint && !this.muteEachOther(fingerprint, target, source, side)) return source;
    }
    return undefined;
  }

  private keyOf(labels: LabelSet, matchers: readonly Matcher[], parents: readonly string[]): string | undefined {
    if (!matchers.every((matcher) => matcher.matches(labels[matcher.name] ?? ''))) return undefined;
    // Nobody is the parent of those that name none.
    if (parents.some((name) => (labels[name] ?? '') === '')) return undefined;
    return JSON.stringify([...this.rule.equal, ...parents].map((name) => labels[name] ?? ''));
  }

  private sourcesOf({ targetKey }: Side): Iterable<[string, Side]> {
    return targetKey === undefined ? [] : (this.sources.get(targetKey) ?? []);
  }

  private targetsOf({ sourceKey }: Side): Iterable<[string, Side]> {
    return sourceKey === undefined ? [] : (this.targets.get(sourceKey) ?? []);
  }

  private muteEachOther(fingerprint: string, target: Side, source: string, side: Side): boolean {
    if (this.parents.length === 0) return target.sourceKey !== undefined && side.targetKey !== undefined;
    if (target.sourceKey === undefined) return false;
    const seen = new Set([source]);
    const ancestors = [side];
    for (let next = ancestors.pop(); next; next = ancestors.pop()) {
      for (const [ancestor, its] of this.sourcesOf(next)) {
        if (ancestor === fingerprint) return true;
        if (seen.has(ancestor)) continue;
        seen.add(ancestor);
        ancestors.push(its);
      }
    }
    return false;
  }

  /** Its targets may have changed; in a chain all below it, since a circle of parents may have been closed or opened. */
  private touch(side: Side, affected: Set<string>): void {
    for (const [target, its] of this.targetsOf(side)) {
      if (affected.has(target)) continue;
      affected.add(target);
      if (this.parents.length > 0) this.touch(its, affected);
    }
  }
}

function insert<T>(index: Map<string, Map<string, T>>, key: string | undefined, fingerprint: string, value: T): void {
  if (key === undefined) return;
  const entries = index.get(key) ?? new Map<string, T>();
  index.set(key, entries.set(fingerprint, value));
}

function erase<T>(index: Map<string, Map<string, T>>, key: string | undefined, fingerprint: string): void {
  if (key === undefined) return;
  const entries = index.get(key);
  if (entries?.delete(fingerprint) && entries.size === 0) index.delete(key);
}
