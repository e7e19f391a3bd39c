import { ABSENT } from '../evaluate/block.js';
import { type FloatAggregation, floatAggregations, FloatState } from '../evaluate/float-aggregations.js';
import { Grouping } from '../evaluate/grouping.js';
import type { Labels } from '../model/labels.js';
import type { AggregateNode } from '../plan/nodes.js';
import type { LiveTick, LiveVectorNode } from './live-node.js';
import { LiveOperator } from './live-operator.js';

/** Aggregations that have an incremental form. */
export const isGrouped = (operator: string): boolean => floatAggregations.has(operator);

/**
 * An aggregation that makes one series of each group. Who belongs to which group is kept; a group is computed anew, from its
 * members in the batch evaluator's order, when one of them has changed: a sum that was corrected by a difference would not
 * have the same last bit.
 */
export class LiveAggregate extends LiveOperator {
  private readonly aggregation: FloatAggregation;
  private readonly state = new FloatState(1);
  /** Group of each row of the argument. */
  private groupOf: Int32Array = new Int32Array(0);
  /** Rows of each group, in order: those from `starts[group]` to `starts[group + 1]` of `members`. */
  private members = new Int32Array(0);
  private starts = new Int32Array(1);
  private dirty = new Uint8Array(0);
  private groups: readonly Labels[] = [];

  constructor(
    override readonly node: AggregateNode,
    private readonly input: LiveVectorNode,
  ) {
    super(node, [input]);
    this.aggregation = floatAggregations.get(node.operator) as FloatAggregation;
    this.state.reserve(1);
  }

  protected shape(): boolean {
    const { labels, dropName, rows } = this.input.output;
    // One mark for the group would depend on who is present.
    if (dropName.includes(1) && dropName.includes(0)) return false;
    const grouping = Grouping.of(this.node);
    const groupOf = Int32Array.from(labels, (one) => grouping.groupOf(one));
    this.place(groupOf, grouping.labels, rows > 0 && dropName[0] === 1);
    return true;
  }

  protected refresh(_tick: LiveTick, all: boolean): void {
    const { input, groupOf, dirty } = this;
    const { output: from } = input;
    if (all || from.presenceChanged) {
      this.reorder();
      if (this.output.reshaped) all = true;
    }
    if (all) {
      for (let group = 0; group < this.groups.length; group++) this.compute(group);
      return;
    }
    const touched: number[] = [];
    for (let i = 0; i < from.changedCount; i++) {
      const group = groupOf[from.changedRows[i]];
      if (dirty[group] === 1) continue;
      dirty[group] = 1;
      touched.push(group);
    }
    for (const group of touched) {
      dirty[group] = 0;
      this.compute(group);
    }
  }

  private compute(group: number): void {
    const { state, aggregation, members, starts, output } = this;
    const { values, present } = this.input.output;
    state.seen[0] = 0;
    state.value[0] = 0;
    state.second[0] = 0;
    state.count[0] = 0;
    state.mean[0] = 0;
    state.incremental[0] = 0;
    const end = starts[group + 1];
    for (let i = starts[group]; i < end; i++) aggregation.add(state, values, present, members[i], 0);
    if (state.seen[0] === 1) output.setFloat(group, aggregation.result(state, 0));
    else output.setAbsent(group);
  }

  /** Groups stand in the order of their first present member. */
  private reorder(): void {
    const { members, starts, groups } = this;
    const { present } = this.input.output;
    const firsts = new Float64Array(groups.length);
    let sorted = true;
    let before = -1;
    for (let group = 0; group < groups.length; group++) {
      let i = starts[group];
      while (i < starts[group + 1] && present[members[i]] === ABSENT) i++;
      firsts[group] = i < starts[group + 1] ? members[i] : Infinity;
      if (firsts[group] === Infinity) continue;
      if (firsts[group] < before) sorted = false;
      before = firsts[group];
    }
    if (sorted) return;
    const order = Array.from(groups, (_, group) => group).sort((a, b) => firsts[a] - firsts[b] || a - b);
    const rank = new Int32Array(groups.length);
    order.forEach((group, position) => (rank[group] = position));
    const dropName = this.output.dropName[0] === 1;
    this.place(
      this.groupOf.map((group) => rank[group]),
      order.map((group) => groups[group]),
      dropName,
    );
  }

  private place(groupOf: Int32Array, groups: readonly Labels[], dropName: boolean): void {
    const starts = new Int32Array(groups.length + 1);
    for (const group of groupOf) starts[group + 1]++;
    for (let group = 0; group < groups.length; group++) starts[group + 1] += starts[group];
    const next = starts.slice();
    const members = new Int32Array(groupOf.length);
    for (let row = 0; row < groupOf.length; row++) members[next[groupOf[row]]++] = row;
    this.groupOf = groupOf;
    this.groups = groups;
    this.starts = starts;
    this.members = members;
    this.dirty = new Uint8Array(groups.length);
    this.output.reshape(groups, new Uint8Array(groups.length).fill(dropName ? 1 : 0));
  }
}
