import type { LabelSet } from './labels.js';
import type { MatcherSpec } from './matchers.js';

/** The rule's axis. `inactive` alerts are not shown, so it appears only in histories. */
export type Condition = 'inactive' | 'pending' | 'firing' | 'resolved';

/** A person has this episode. */
export interface Acknowledgement {
  readonly by: string;
  readonly atMs: number;
  readonly note: string;
  /** When it lapses by itself; absent: with the episode. */
  readonly untilMs?: number;
  /** It also lapses when the severity rises. */
  readonly untilWorse?: boolean;
}

/** Why nobody is notified about an alert that fires. */
export type Suppression =
  | { readonly kind: 'silence'; readonly silenceId: string }
  | { readonly kind: 'inhibition'; readonly bySource: string }
  /** Each of its routes is muted now: by these mute times, or since none of these active times holds. */
  | { readonly kind: 'mute_time' | 'active_time'; readonly intervals: readonly string[] };

/** One alert as every screen shows it. */
export interface AlertView {
  /** Fingerprint of `labels`. */
  readonly fingerprint: string;
  /** Labels with `alertname`; the identity of the alert. */
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly condition: Condition;
  /** Names the firing-to-resolved period; changes with each. Empty while pending. */
  readonly episode: string;
  /** What the expression gave at the last evaluation. NaN and infinities travel as text. */
  readonly value: number | 'NaN' | '+Inf' | '-Inf' | null;
  readonly activeAtMs: number;
  readonly firedAtMs?: number;
  readonly resolvedAtMs?: number;
  /** When the rule gave what is shown here (or the alert was received); a later run with the same outcome changes nothing. */
  readonly evaluatedMs: number;
  readonly acknowledgement?: Acknowledgement;
  readonly assignee?: string;
  readonly suppressedBy: readonly Suppression[];
  /** How often it went and came back in this episode. */
  readonly flaps: number;
  /** Where it comes from: a rule of ours, or a sender of the Alertmanager API. */
  readonly origin: AlertOrigin;
}

export type AlertOrigin =
  | {
      readonly kind: 'rule';
      readonly file: string;
      readonly group: string;
      readonly expr: string;
      readonly health: RuleHealth;
    }
  | { readonly kind: 'received'; readonly generatorUrl: string };

/** `nodata`: the expression's series vanished; `error`: it could not be evaluated. */
export type RuleHealth = 'ok' | 'nodata' | 'error' | 'unknown';

/** One entry of an alert's append-only history. */
export interface AlertHistoryEntry {
  readonly id: number;
  readonly fingerprint: string;
  readonly episode: string;
  readonly atMs: number;
  readonly kind: AlertHistoryKind;
  /** Account name; 'opsroom' for the server's own acts. */
  readonly actor: string;
  /** Address that a human act came from. */
  readonly address?: string;
  /** Note, value, silence id, receiver: what the entry is about, in words. */
  readonly detail: string;
}

export const ALERT_HISTORY_KINDS = [
  'pending',
  'fired',
  'resolved',
  'dropped',
  'flapped',
  'worsened',
  'acknowledged',
  'taken_over',
  'unacknowledged',
  'acknowledgement_expired',
  'assigned',
  'unassigned',
  'noted',
  'notified',
  'held_back',
  'reminded',
  'opened',
] as const;
export type AlertHistoryKind = (typeof ALERT_HISTORY_KINDS)[number];

/** Which entries of all histories are asked for; what is absent does not restrict. */
export interface AlertHistoryFilter {
  readonly kinds?: readonly AlertHistoryKind[] | undefined;
  readonly actor?: string | undefined;
}

export type SilenceState = 'pending' | 'active' | 'expired';

export interface SilenceView {
  readonly id: string;
  readonly matchers: readonly MatcherSpec[];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly createdBy: string;
  readonly comment: string;
  readonly updatedAtMs: number;
  readonly state: SilenceState;
  /** Alerts that it matches now. */
  readonly matching: number;
}
