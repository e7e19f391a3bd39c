import type { AlertView, Condition } from '@opsroom/contracts';

/** One change of an alert, on either axis, already durable. */
export interface Transition {
  readonly atMs: number;
  /** Undefined for an alert that is new. */
  readonly previous: AlertView | undefined;
  /** Undefined when the alert is gone (a pending one that went inactive, a resolved one that was forgotten). */
  readonly current: AlertView | undefined;
  readonly reason: TransitionReason;
  /** Account name, or 'opsroom'. */
  readonly actor: string;
}

export type TransitionReason =
  | { readonly kind: 'condition'; readonly from: Condition; readonly to: Condition }
  | {
      readonly kind:
        | 'acknowledged'
        | 'taken_over'
        | 'unacknowledged'
        | 'acknowledgement_expired'
        | 'worsened'
        | 'assigned'
        | 'silenced'
        | 'unsilenced'
        | 'inhibited'
        | 'uninhibited'
        | 'muted'
        | 'unmuted'
        | 'reminded'
        | 'value'
        | 'forgotten';
    };
