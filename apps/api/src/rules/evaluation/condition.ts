import type { Labels } from '@opsroom/promql';

/** One alert of a rule while the rule holds it active. */
export interface RuleAlert {
  readonly labels: Labels;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value: number;
  readonly state: 'pending' | 'firing';
  readonly activeAtMs: number;
  /** While `keep_firing_for` holds it: since when the expression has not selected it. */
  readonly keptSinceMs?: number;
}

/** What the expression selects now. */
export type SelectedAlert = Pick<RuleAlert, 'labels' | 'annotations' | 'value'>;

export interface ConditionOptions {
  readonly forMs: number;
  readonly keepFiringForMs: number;
}

/**
 * The active alerts of a rule after one evaluation (Prometheus's rule state without the resolved ones): a selected one is
 * pending until it has been so for `for`, then firing; one that is not selected any more is gone, or stays firing for
 * `keep_firing_for`. Keys are those of the labels. `restoredActiveAt` may know an alert that is new here from before a restart.
 */
export function nextAlerts(
  active: ReadonlyMap<string, RuleAlert>,
  selected: readonly SelectedAlert[],
  atMs: number,
  options: ConditionOptions,
  restoredActiveAt: (labels: Labels) => number | undefined = () => undefined,
): Map<string, RuleAlert> {
  const next = new Map<string, RuleAlert>();
  for (const { labels, annotations, value } of selected) {
    const known = active.get(labels.key);
    const activeAtMs = known?.activeAtMs ?? restoredActiveAt(labels) ?? atMs;
    const fires = known?.state === 'firing' || atMs - activeAtMs >= options.forMs;
    next.set(labels.key, { labels, annotations, value, activeAtMs, state: fires ? 'firing' : 'pending' });
  }
  for (const [key, alert] of active) {
    if (next.has(key) || alert.state !== 'firing' || options.keepFiringForMs === 0) continue;
    const keptSinceMs = alert.keptSinceMs ?? atMs;
    if (atMs - keptSinceMs < options.keepFiringForMs) next.set(key, { ...alert, keptSinceMs });
  }
  return next;
}

/** An alert that was pending or firing before the server went down is not picked up again after a longer gap. */
export const OUTAGE_TOLERANCE_MS = 3_600_000;

/**
 * Since when an alert counts as active after a restart, by its last sample of ALERTS_FOR_STATE: what it had fulfilled of its
 * `for` stays fulfilled, the time that the server was down counts for nothing. Undefined: begin anew.
 */
export function restoredActiveAtMs(
  stored: { readonly sampleMs: number; readonly activeAtMs: number },
  forMs: number,
  atMs: number,
): number | undefined {
  const downMs = atMs - stored.sampleMs;
  if (downMs < 0 || downMs > OUTAGE_TOLERANCE_MS || stored.activeAtMs > stored.sampleMs) return undefined;
  const fulfilled = stored.sampleMs - stored.activeAtMs >= forMs;
  return fulfilled ? stored.activeAtMs : stored.activeAtMs + downMs;
}
