import { byCodePoint, fingerprint, type LabelSet, METRIC_NAME } from '@opsroom/contracts';

/**
 * An immutable label set with its names in code-point order and no empty values (an absent label has the value '').
 * Every instance is made by `Labels.from` or by a method here, so the order can be relied on; `key` identifies the set.
 */
export class Labels {
  static readonly empty = new Labels([], []);

  private cachedKey: string | undefined;
  private cachedFingerprint: string | undefined;

  private constructor(
    readonly names: readonly string[],
    readonly values: readonly string[],
  ) {}

  /** From a plain object; empty values are left out. */
  static from(set: LabelSet): Labels {
    const names = Object.keys(set)
      .filter((name) => set[name] !== '')
      .sort(byCodePoint);
    return new Labels(
      names,
      names.map((name) => set[name]),
    );
  }

  /** From pairs that are already sorted by name, unique and not empty: for decoders that have checked it. */
  static fromSorted(names: readonly string[], values: readonly string[]): Labels {
    return new Labels(names, values);
  }

  /** Equal for equal sets and for no others: lengths are part of it, so no separator can be forged. */
  get key(): string {
    if (this.cachedKey === undefined) {
      let key = '';
      for (let i = 0; i < this.names.length; i++) {
        const name = this.names[i];
        const value = this.values[i];
        key += `${name.length}:${name}${value.length}:${value}`;
      }
      this.cachedKey = key;
    }
    return this.cachedKey;
  }

  /** Prometheus's fingerprint, 16 hex digits. */
  get fingerprint(): string {
    return (this.cachedFingerprint ??= fingerprint(this.toObject()));
  }

  get metricName(): string {
    return this.get(METRIC_NAME);
  }

  get size(): number {
    return this.names.length;
  }

  /** The label's value; '' when it is absent. */
  get(name: string): string {
    const index = this.names.indexOf(name);
    return index < 0 ? '' : this.values[index];
  }

  has(name: string): boolean {
    return this.names.includes(name);
  }

  /** A copy with one label set, or removed when `value` is ''. */
  with(name: string, value: string): Labels {
    return Labels.from({ ...this.toObject(), [name]: value });
  }

  /** A copy with only the labels for which `keep` is true. */
  filter(keep: (name: string) => boolean): Labels {
    const names: string[] = [];
    const values: string[] = [];
    for (let i = 0; i < this.names.length; i++) {
      if (!keep(this.names[i])) continue;
      names.push(this.names[i]);
      values.push(this.values[i]);
    }
    return names.length === this.names.length ? this : new Labels(names, values);
  }

  withoutName(): Labels {
    return this.has(METRIC_NAME) ? this.filter((name) => name !== METRIC_NAME) : this;
  }

  toObject(): LabelSet {
    const set: Record<string, string> = {};
    for (let i = 0; i < this.names.length; i++) set[this.names[i]] = this.values[i];
    return set;
  }
}
