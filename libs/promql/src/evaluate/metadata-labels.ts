import { METRIC_NAME } from '@opsroom/contracts';
import type { Labels } from '../model/labels.js';

/** Labels that say what a metric is: they go when a function makes something else of its values. */
export const METADATA_LABELS: ReadonlySet<string> = new Set([METRIC_NAME, '__type__', '__unit__']);

export function withoutMetadata(labels: Labels): Labels {
  return labels.filter((name) => !METADATA_LABELS.has(name));
}

/** Prometheus's order of series: by names and values in turn, by code point; the shorter set first. */
export function compareLabels(a: Labels, b: Labels): number {
  const length = Math.min(a.size, b.size);
  for (let i = 0; i < length; i++) {
    if (a.names[i] !== b.names[i]) return a.names[i] < b.names[i] ? -1 : 1;
    if (a.values[i] !== b.values[i]) return a.values[i] < b.values[i] ? -1 : 1;
  }
  return a.size - b.size;
}

/** As Prometheus writes a series in its errors: `name{a="b"}`. */
export function printLabels(labels: Labels, quote: (text: string) => string): string {
  const pairs: string[] = [];
  for (let i = 0; i < labels.size; i++) {
    const name = labels.names[i];
    const shown = /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : quote(name);
    pairs.push(`${shown}=${quote(labels.values[i])}`);
  }
  return `{${pairs.join(', ')}}`;
}
