import { METRIC_NAME } from '@opsroom/contracts';
import { Labels } from '../model/labels.js';
import type { AggregateNode } from '../plan/nodes.js';

/** Sorts series into groups; a group is known by its number, from 0 on in the order of first appearance. */
export class Grouping {
  readonly labels: Labels[] = [];
  private readonly byKey = new Map<string, number>();
  private readonly names: ReadonlySet<string>;

  constructor(
    private readonly without: boolean,
    grouping: readonly string[],
  ) {
    this.names = new Set(without ? [...grouping, METRIC_NAME] : grouping);
  }

  static of(node: AggregateNode): Grouping {
    return new Grouping(node.without, node.grouping);
  }

  groupOf(labels: Labels): number {
    if (!this.without && this.names.size === 0) {
      if (this.labels.length === 0) this.labels.push(Labels.empty);
      return 0;
    }
    const key = this.keyOf(labels);
    let group = this.byKey.get(key);
    if (group === undefined) {
      group = this.labels.length;
      this.byKey.set(key, group);
      this.labels.push(labels.filter((name) => this.names.has(name) !== this.without));
    }
    return group;
  }

  /** Lengths are part of it, so that no two groups share one. */
  private keyOf({ names, values }: Labels): string {
    let key = '';
    for (let i = 0; i < names.length; i++) {
      if (this.names.has(names[i]) === this.without) continue;
      key += `${names[i].length}:${names[i]}${values[i].length}:${values[i]}`;
    }
    return key;
  }
}
