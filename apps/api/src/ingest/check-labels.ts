import type { Labels } from '@opsroom/promql';

/** Bounds that no honest exporter meets; they keep one bad sender from filling the memory with a single series. */
const MAX_LABELS = 256;
const MAX_NAME_LENGTH = 1024;
const MAX_VALUE_LENGTH = 65_536;
/** Half of a surrogate pair: text that has no UTF-8 form. */
const BROKEN = /\p{Surrogate}/u;

/** Why a label set cannot be a series; undefined when it can. Names and values are any UTF-8, as in Prometheus 3. */
export function labelsProblem(labels: Labels): string | undefined {
  if (!labels.has('__name__')) return 'it has no metric name (label "__name__")';
  if (labels.size > MAX_LABELS) return `it has ${labels.size} labels; at most ${MAX_LABELS} are allowed`;
  for (let i = 0; i < labels.size; i++) {
    const name = labels.names[i];
    const value = labels.values[i];
    if (name === '') return 'it has a label without a name';
    if (name.length > MAX_NAME_LENGTH)
      return `the name of a label has ${name.length} characters; at most ${MAX_NAME_LENGTH} are allowed`;
    if (value.length > MAX_VALUE_LENGTH) {
      return `the value of "${name}" has ${value.length} characters; at most ${MAX_VALUE_LENGTH} are allowed`;
    }
    if (BROKEN.test(name) || BROKEN.test(value)) return `label ${JSON.stringify(name)} is not valid UTF-8`;
  }
  return undefined;
}
