import type { MatcherSpec, SilenceState } from '@opsroom/contracts';
import { createMatcher } from '@opsroom/promql';

/** A silence as it is kept; its state follows from the time. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly MatcherSpec[];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly createdBy: string;
  readonly comment: string;
  readonly updatedAtMs: number;
}

export type SilenceDraft = Pick<Silence, 'matchers' | 'startsAtMs' | 'endsAtMs' | 'comment' | 'createdBy'>;

/** Its end is exclusive. */
export function silenceState(silence: Pick<Silence, 'startsAtMs' | 'endsAtMs'>, nowMs: number): SilenceState {
  if (nowMs < silence.startsAtMs) return 'pending';
  return nowMs < silence.endsAtMs ? 'active' : 'expired';
}

/** What is wrong with a silence that somebody wants to make, in words; undefined when nothing is. */
export function silenceProblem(draft: SilenceDraft, nowMs: number): string | undefined {
  if (draft.matchers.length === 0) return 'a silence needs at least one matcher';
  if (draft.matchers.every(matchesEmpty)) {
    return 'at least one matcher must not match the empty string: this silence would match every alert';
  }
  if (draft.comment.trim() === '') return 'a silence needs a comment that says why';
  if (draft.endsAtMs <= draft.startsAtMs) return 'a silence must end after it starts';
  if (draft.endsAtMs <= nowMs) return 'a silence must end in the future';
  return undefined;
}

/** As Alertmanager asks it: of what is not equal or does not match it takes for granted that it says enough. */
function matchesEmpty({ name, operator, value }: MatcherSpec): boolean {
  return !operator.startsWith('!') && createMatcher(name, operator, value).matches('');
}

/**
 * Whether an edit may keep the silence's id, as Alertmanager decides it: the same matchers, an active one not moved to
 * another start, a pending one not moved into the past. Anything else ends the old silence and makes a new one.
 */
export function keepsId(old: Silence, draft: SilenceDraft, nowMs: number): boolean {
  if (matcherKey(old.matchers) !== matcherKey(draft.matchers)) return false;
  const state = silenceState(old, nowMs);
  if (state === 'active') return Math.floor(old.startsAtMs / 1000) === Math.floor(draft.startsAtMs / 1000);
  return state === 'pending' && draft.startsAtMs >= nowMs;
}

const matcherKey = (matchers: readonly MatcherSpec[]): string =>
  JSON.stringify(matchers.map((m) => [m.name, m.operator, m.value]));
