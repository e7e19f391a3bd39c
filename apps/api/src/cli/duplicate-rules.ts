import { byCodePoint } from '@opsroom/contracts';
import type { RuleGroup } from '../rules/files/rule-group.js';

/** Rules of a file that have name and labels in common with one before them, printed as series: their results would mix. */
export function duplicateRules(groups: readonly RuleGroup[]): string[] {
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (const { name, labels } of groups.flatMap((group) => group.rules)) {
    const pairs = Object.keys(labels)
      .sort(byCodePoint)
      .map((label) => `${label}=${JSON.stringify(labels[label])}`);
    const series = `${name}${pairs.length === 0 ? '' : `{${pairs.join(', ')}}`}`;
    if (seen.has(series)) duplicates.add(series);
    seen.add(series);
  }
  return [...duplicates];
}
