import type { Acknowledgement, AlertHistoryKind, AlertOrigin, Condition, LabelSet } from '@opsroom/contracts';
import type { TransitionReason } from '../model/transition.js';

/** One alert as the server keeps it. Immutable: every event makes a new one. */
export interface AlertState {
  readonly fingerprint: string;
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly origin: AlertOrigin;
  /** Id of the rule that it comes from; '' for a received one. */
  readonly ruleId: string;
  readonly condition: Condition;
  /** '' while pending. */
  readonly episode: string;
  readonly value: number;
  readonly activeAtMs: number;
  readonly firedAtMs?: number;
  readonly resolvedAtMs?: number;
  /** When what is here was observed or received; observing the same again does not change it. */
  readonly evaluatedMs: number;
  readonly acknowledgement?: Acknowledgement;
  /** When the last reminder of the acknowledgement was given. */
  readonly remindedMs?: number;
  readonly assignee?: string;
  readonly flaps: number;
  /** Ends of its firing periods, as far as they matter for flapping. */
  readonly endsMs: readonly number[];
  /** While pending again: the episode before, which a flapping alert takes up. */
  readonly before?: EpisodeMemory;
  /** When a received alert resolves by itself, since its sender has not repeated it. */
  readonly expiresMs?: number;
}

/** What belongs to an episode besides its condition. */
export interface EpisodeMemory {
  readonly episode: string;
  readonly flaps: number;
  readonly acknowledgement?: Acknowledgement;
  readonly assignee?: string;
}

/** How the life of alerts is measured; all in ms. */
export interface LifecyclePolicy {
  /** Firing periods that end within this time count as flapping … */
  readonly flapWindowMs: number;
  /** … when there are this many of them before it fires again. */
  readonly flapEnds: number;
  /** How long a resolved alert stays in sight. */
  readonly resolvedRetentionMs: number;
  /** How often an acknowledgement is recalled while its alert fires; 0: never. */
  readonly reminderMs: number;
}

export const defaultPolicy: LifecyclePolicy = {
  flapWindowMs: 10 * 60_000,
  flapEnds: 2,
  resolvedRetentionMs: 15 * 60_000,
  reminderMs: 4 * 3_600_000,
};

/** What one event did. */
export interface Change {
  readonly reason: TransitionReason;
  /** The entry for the append-only history; absent for what is not worth one (a new value). */
  readonly history?: AlertHistoryKind;
  readonly detail: string;
  /** Account name, or 'opsroom'. */
  readonly actor: string;
}

type RefusalReason = 'already_acknowledged' | 'not_acknowledged' | 'episode_over';

export type Step =
  | { readonly state: AlertState | undefined; readonly change?: Change }
  | { readonly refused: RefusalReason; readonly winner?: string };
