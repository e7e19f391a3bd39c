import type { AlertView, MatcherSpec, Suppression } from '@opsroom/contracts';
import { MatcherSyntaxError, parseMatchers } from '../../../config/matchers.js';
import { BadBody } from './postable.js';

/** Query parameters of `GET /alerts` and `/alerts/groups`; each of the flags is true where it is absent. */
export interface AlertQuery {
  readonly filter?: string | readonly string[];
  readonly receiver?: string;
  readonly active?: string;
  readonly silenced?: string;
  readonly inhibited?: string;
  readonly muted?: string;
  readonly unprocessed?: string;
}

/** Matchers of the repeated parameter `filter`, each with one or more of them. Throws `BadBody`. */
export function readFilter(filter: AlertQuery['filter']): MatcherSpec[] {
  const texts = filter === undefined ? [] : typeof filter === 'string' ? [filter] : filter;
  try {
    return texts.flatMap((text) => parseMatchers(text));
  } catch (error) {
    if (error instanceof MatcherSyntaxError) throw new BadBody(error.message);
    throw error;
  }
}

/** A flag of the query, read as Alertmanager's server library reads it (go-openapi's ConvertBool): what is not one of these words is false. */
export function flag(value: string | undefined): boolean {
  return value === undefined || /^(true|1|yes|ok|y|on|selected|checked|t|enabled)$/i.test(value);
}

/** Whether the flags want this alert. */
export function isWanted(alert: AlertView, query: AlertQuery): boolean {
  const has = (kind: Suppression['kind']): boolean => alert.suppressedBy.some((one) => one.kind === kind);
  if (has('silence') && !flag(query.silenced)) return false;
  if (has('inhibition') && !flag(query.inhibited)) return false;
  return has('silence') || has('inhibition') || flag(query.active);
}

/** The parameter `receiver`: a regular expression, anchored. Throws `BadBody` for one that does not compile. */
export function receiverTest(pattern: string | undefined, compile: (pattern: string) => (name: string) => boolean) {
  if (!pattern) return () => true;
  try {
    return compile(pattern);
  } catch (error) {
    throw new BadBody(`receiver: ${error instanceof Error ? error.message : String(error)}`);
  }
}
