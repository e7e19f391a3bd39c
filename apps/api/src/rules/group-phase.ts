import { hashText } from '@opsroom/contracts';
import type { RuleGroup } from './files/rule-group.js';

/** Groups that want to be evaluated at least this often are also evaluated when samples arrive. */
export const ON_ARRIVAL_MS = 1_000;

/** When within its interval a group is evaluated, ms: spread by its name, and the same after a restart. */
export function groupPhaseMs(group: Pick<RuleGroup, 'file' | 'name' | 'intervalMs'>): number {
  if (group.intervalMs <= ON_ARRIVAL_MS) return 0;
  const hash = parseInt(hashText(`${group.file};${group.name}`).slice(0, 12), 16);
  return hash % group.intervalMs;
}
