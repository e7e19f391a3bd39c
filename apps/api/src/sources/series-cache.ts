import { Labels } from '@opsroom/promql';

/**
 * Gives one source the same `Labels` instance for the same series each time, so that ingest finds its reference by identity.
 * Series that have not been asked for in the last two rounds are forgotten.
 */
export class SeriesCache {
  private current = new Map<string, Labels>();
  private previous = new Map<string, Labels>();

  /** `base` labels join every series of this source; the sample's own win. */
  constructor(private readonly base: Readonly<Record<string, string>>) {}

  labels(name: string, own: Readonly<Record<string, string>>): Labels {
    let key = name;
    for (const label in own) key += `\u0000${label}\u0001${own[label]}`;
    let labels = this.current.get(key);
    if (!labels) {
      labels = this.previous.get(key) ?? Labels.from({ ...this.base, ...own, __name__: name });
      this.current.set(key, labels);
    }
    return labels;
  }

  endRound(): void {
    this.previous = this.current;
    this.current = new Map();
  }
}
