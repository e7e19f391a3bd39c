import type { MatcherSpec } from './matchers.js';

/** A receiver of the configuration with the ids of its notifiers, `receiver/kind/index`. */
export interface ReceiverView {
  readonly name: string;
  readonly notifiers: readonly string[];
}

/** What became of a test message at one notifier; `error` is null when it was taken. */
export interface NotifierOutcome {
  readonly notifier: string;
  readonly error: string | null;
}

/** What became of a notification, for people: sent or held back, and why. */
export interface NotificationEvent {
  readonly id: number;
  readonly atMs: number;
  readonly outcome: 'queued' | 'held_back' | 'delivered' | 'failed' | 'given_up';
  readonly reason: string;
  readonly receiver: string;
  readonly notifier: string;
  readonly groupKey: string;
  readonly detail: string;
}

/** A node of the routing tree with everything inherited filled in. */
export interface RouteView {
  readonly receiver: string;
  /** All must match; none match everything. */
  readonly matchers: readonly MatcherSpec[];
  /** 'all': by every label. */
  readonly groupBy: readonly string[] | 'all';
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  /** An alert that matches here is offered to the siblings that follow too. */
  readonly continue: boolean;
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
  readonly routes: readonly RouteView[];
}
