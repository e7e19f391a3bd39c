import type { AlertView, LabelSet } from '@opsroom/contracts';
import { groupKey, groupLabels, type Route, routesOf } from '../../routing/route.js';

/** Alerts of one route that are told about together. */
export interface Group {
  readonly key: string;
  readonly route: Route;
  readonly labels: LabelSet;
  /** By fingerprint; resolved ones stay until they were in a flush. */
  readonly alerts: ReadonlyMap<string, AlertView>;
}

interface GroupState extends Group {
  readonly alerts: Map<string, AlertView>;
  nextFlushMs: number;
}

/**
 * Which alerts wait in which group, and when each group is due: Alertmanager's dispatcher without its timers. A new group is due
 * `group_wait` after its first alert fired (at once when that is past), and then every `group_interval` while it has alerts.
 */
export class Groups {
  private readonly groups = new Map<string, GroupState>();
  /** Keys of the groups that each alert is in. */
  private readonly membership = new Map<string, Set<string>>();

  constructor(private readonly root: Route) {}

  /**
   * Takes an alert as it is after a restart: also one that has resolved, since its firing may have been told before. Those that
   * nobody was told about are left out by the decision.
   */
  restore(alert: AlertView, nowMs: number): void {
    this.enter(alert, nowMs, true);
  }

  /** Takes an alert that fires or has resolved; others (pending) leave their groups. */
  put(alert: AlertView, nowMs: number): void {
    this.enter(alert, nowMs, false);
  }

  /** Forgets an alert whole. */
  remove(fingerprint: string): void {
    for (const key of this.membership.get(fingerprint) ?? []) {
      const group = this.groups.get(key);
      group?.alerts.delete(fingerprint);
      if (group?.alerts.size === 0) this.groups.delete(key);
    }
    this.membership.delete(fingerprint);
  }

  /** Makes the groups of an alert due now. */
  hasten(fingerprint: string, nowMs: number): void {
    for (const key of this.membership.get(fingerprint) ?? []) {
      const group = this.groups.get(key);
      if (group) group.nextFlushMs = Math.min(group.nextFlushMs, nowMs);
    }
  }

  /**
   * Groups whose time has come, each with the alerts it has now; they are due again one `group_interval` later. Stops once it has
   * taken `maxAlerts` alerts in whole groups: `more` says that others are due as well.
   */
  takeDue(nowMs: number, maxAlerts = Infinity): { readonly due: readonly Group[]; readonly more: boolean } {
    const due: Group[] = [];
    let alerts = 0;
    for (const group of this.groups.values()) {
      if (group.nextFlushMs > nowMs) continue;
      if (alerts >= maxAlerts) return { due, more: true };
      group.nextFlushMs = nowMs + group.route.groupIntervalMs;
      due.push({ ...group, alerts: new Map(group.alerts) });
      alerts += group.alerts.size;
    }
    return { due, more: false };
  }

  /** The flush of a group is over: alerts that it told about as resolved, and that still are, leave it. */
  flushed(flushed: Group): void {
    for (const [fingerprint, told] of flushed.alerts) {
      const current = this.groups.get(flushed.key)?.alerts.get(fingerprint);
      if (told.condition !== 'resolved' || current?.condition !== 'resolved' || current.episode !== told.episode)
        continue;
      this.leave(fingerprint, flushed.key);
    }
  }

  /** All groups as they are, for people and for `/api/v2/alerts/groups`. */
  all(): readonly Group[] {
    return [...this.groups.values()];
  }

  private enter(alert: AlertView, nowMs: number, evenIfResolved: boolean): void {
    const firing = alert.condition === 'firing';
    if (!firing && alert.condition !== 'resolved') return this.remove(alert.fingerprint);
    for (const route of routesOf(this.root, alert.labels)) {
      const key = groupKey(route, alert.labels);
      let group = this.groups.get(key);
      if (!group) {
        // Nobody was told that it fires, so nobody is told that it has ended.
        if (!firing && !evenIfResolved && !this.membership.has(alert.fingerprint)) continue;
        group = { key, route, labels: groupLabels(route, alert.labels), alerts: new Map(), nextFlushMs: 0 };
        group.nextFlushMs = Math.max(nowMs, (alert.firedAtMs ?? nowMs) + route.groupWaitMs);
        this.groups.set(key, group);
      }
      group.alerts.set(alert.fingerprint, alert);
      const keys = this.membership.get(alert.fingerprint) ?? new Set();
      this.membership.set(alert.fingerprint, keys.add(key));
    }
  }

  private leave(fingerprint: string, key: string): void {
    const group = this.groups.get(key);
    group?.alerts.delete(fingerprint);
    if (group?.alerts.size === 0) this.groups.delete(key);
    const keys = this.membership.get(fingerprint);
    keys?.delete(key);
    if (keys?.size === 0) this.membership.delete(fingerprint);
  }
}
