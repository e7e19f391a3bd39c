import { METRIC_NAME } from '@opsroom/contracts';
import type { Labels } from '../model/labels.js';
import type { BinaryNode } from '../plan/nodes.js';
import type { VectorMatching } from '../syntax/ast.js';

/** Rows of two vectors by the labels that they are matched on: equal labels, equal number, from 0 to `count` - 1. */
export interface Signatures {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly count: number;
}

export function signatures(left: readonly Labels[], right: readonly Labels[], matching: VectorMatching): Signatures {
  const names = new Set(matching.on ? matching.labels : [...matching.labels, METRIC_NAME]);
  const ordinals = new Map<string, number>();
  const ordinalOf = (labels: Labels): number => {
    let key = '';
    for (let i = 0; i < labels.names.length; i++) {
      const name = labels.names[i];
      if (names.has(name) !== matching.on) continue;
      key += `${name.length}:${name}${labels.values[i].length}:${labels.values[i]}`;
    }
    let ordinal = ordinals.get(key);
    if (ordinal === undefined) {
      ordinal = ordinals.size;
      ordinals.set(key, ordinal);
    }
    return ordinal;
  };
  const assign = (rows: readonly Labels[]): Int32Array => Int32Array.from(rows, ordinalOf);
  return { left: assign(left), right: assign(right), count: ordinals.size };
}

/** How the two vectors of an operator are matched. */
export function matchingOf(node: BinaryNode): VectorMatching {
  if (node.matching === undefined) throw new TypeError(`${node.operator} stands between no vectors`);
  return node.matching;
}

/** The labels that a series is matched on. */
export function matchingLabels(labels: Labels, matching: VectorMatching): Labels {
  const names = new Set(matching.on ? matching.labels : [...matching.labels, METRIC_NAME]);
  return labels.filter((name) => names.has(name) === matching.on);
}
