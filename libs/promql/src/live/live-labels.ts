import { withoutMetadata } from '../evaluate/metadata-labels.js';
import type { Labels } from '../model/labels.js';
import type { LiveVector } from './live-vector.js';

/** True if two of the sets are equal. */
export function hasDuplicates(labels: readonly Labels[]): boolean {
  return new Set(labels.map(({ key }) => key)).size < labels.length;
}

/**
 * Gives an operator's output the rows of its argument, with their metric names removed now or marked for removal. False if
 * rows become equal by that: the batch operator then says which of them stay.
 */
export function shapeWithoutNames(output: LiveVector, input: LiveVector, delayed: boolean): boolean {
  if (delayed) {
    output.reshape(input.labels, new Uint8Array(input.rows).fill(1));
    return true;
  }
  const labels = input.labels.map(withoutMetadata);
  if (hasDuplicates(labels)) return false;
  output.reshape(labels, input.dropName);
  return true;
}
