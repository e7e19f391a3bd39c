import type { LabelSet } from '@opsroom/contracts';
import type { Matcher } from '@opsroom/promql';

/** One rule of `inhibit_rules`, compiled: firing sources mute targets that have the same values of the `equal` labels. */
export interface InhibitRule {
  readonly sourceMatchers: readonly Matcher[];
  readonly targetMatchers: readonly Matcher[];
  readonly equal: readonly string[];
}

interface Side {
  /** Values of the `equal` labels, joined; also when a label is absent, whose value is then ''. */
  readonly key: string;
  readonly isSource: boolean;
  readonly isTarget: boolean;
}

/**
 * Which alert inhibits which, kept up to date alert by alert: a change of one touches only those that share its key.
 * As in Alertmanager, an alert that matches both sides of a rule is not inhibited by another one that does.
 */
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
      if (!sides[i].isTarget) continue;
      const source = this.perRule[i].sourceFor(fingerprint, sides[i]);
      if (source !== undefined) return source;
    }
    return undefined;
  }
}

class RuleIndex {
  private readonly sources = new Map<string, Map<string, Side>>();
  private readonly targets = new Map<string, Set<string>>();

  constructor(private readonly rule: InhibitRule) {}

  sideOf(labels: LabelSet): Side {
    const matches = (matchers: readonly Matcher[]): boolean => matchers.every((m) => m.matches(labels[m.name] ?? ''));
    return {
      key: JSON.stringify(this.rule.equal.map((name) => labels[name] ?? '')),
      isSource: matches(this.rule.sourceMatchers),
      isTarget: matches(this.rule.targetMatchers),
    };
  }

  add(fingerprint: string, side: Side, affected: Set<string>): void {
    if (side.isTarget) {
      const targets = this.targets.get(side.key) ?? new Set<string>();
      this.targets.set(side.key, targets.add(fingerprint));
    }
    if (!side.isSource) return;
    const sources = this.sources.get(side.key) ?? new Map<string, Side>();
    this.sources.set(side.key, sources.set(fingerprint, side));
    this.touch(side.key, affected);
  }

  remove(fingerprint: string, side: Side, affected: Set<string>): void {
    const targets = this.targets.get(side.key);
    if (targets?.delete(fingerprint) && targets.size === 0) this.targets.delete(side.key);
    const sources = this.sources.get(side.key);
    if (!sources?.delete(fingerprint)) return;
    if (sources.size === 0) this.sources.delete(side.key);
    this.touch(side.key, affected);
  }

  sourceFor(fingerprint: string, target: Side): string | undefined {
    for (const [source, side] of this.sources.get(target.key) ?? []) {
      if (source === fingerprint || (target.isSource && side.isTarget)) continue;
      return source;
    }
    return undefined;
  }

  private touch(key: string, affected: Set<string>): void {
    for (const target of this.targets.get(key) ?? []) affected.add(target);
  }
}
