import { Injectable } from '@nestjs/common';
import type { AlertView, Suppression } from '@opsroom/contracts';
import type { AlertState } from './alert-state.js';
import { SuppressionService } from './suppression.service.js';

/**
 * In: states. Out: alerts as every screen shows them. Owns: the last view of each alert, so that one that has not changed is
 * the same object for every topic and every watcher.
 */
@Injectable()
export class AlertViews {
  private readonly cache = new Map<
    string,
    { state: AlertState; suppressedBy: readonly Suppression[]; view: AlertView }
  >();

  constructor(private readonly suppression: SuppressionService) {}

  of(state: AlertState): AlertView {
    const suppressedBy = this.suppression.of(state);
    const cached = this.cache.get(state.fingerprint);
    if (cached?.state === state && cached.suppressedBy === suppressedBy) return cached.view;
    const view = viewOf(state, suppressedBy);
    this.cache.set(state.fingerprint, { state, suppressedBy, view });
    return view;
  }

  /** The view as it was last asked for; undefined for an alert that nobody has seen yet. */
  last(fingerprint: string): AlertView | undefined {
    return this.cache.get(fingerprint)?.view;
  }

  forget(fingerprint: string): void {
    this.cache.delete(fingerprint);
  }
}

function viewOf(state: AlertState, suppressedBy: readonly Suppression[]): AlertView {
  return {
    fingerprint: state.fingerprint,
    labels: state.labels,
    annotations: state.annotations,
    condition: state.condition,
    episode: state.episode,
    value: state.origin.kind === 'received' ? null : shownValue(state.value),
    activeAtMs: state.activeAtMs,
    ...(state.firedAtMs !== undefined && { firedAtMs: state.firedAtMs }),
    ...(state.resolvedAtMs !== undefined && { resolvedAtMs: state.resolvedAtMs }),
    evaluatedMs: state.evaluatedMs,
    ...(state.acknowledgement && { acknowledgement: state.acknowledgement }),
    ...(state.assignee !== undefined && { assignee: state.assignee }),
    suppressedBy,
    flaps: state.flaps,
    origin: state.origin,
  };
}

function shownValue(value: number): AlertView['value'] {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
