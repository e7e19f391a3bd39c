import type { AlertHistoryKind } from '@opsroom/contracts';
import type { Transition } from '../../model/transition.js';
import type { Routing } from '../../routing/routing.js';
import type { Database } from '../../storage/database.js';
import type { EventLog } from '../delivery/event-log.js';
import { buildMessage } from '../delivery/message.js';
import type { Outbox } from '../delivery/outbox.js';
import type { Group, Groups } from '../grouping/groups.js';
import type { Notifier } from '../notifiers/notifier.js';
import { decide, type Decision, episodeOf } from '../pipeline/decision.js';
import { nextEntry, type NotificationLog } from '../pipeline/notification-log.js';

/** What the dispatcher works with. */
export interface DispatcherParts {
  readonly groups: Groups;
  readonly database: Database;
  readonly log: NotificationLog;
  readonly outbox: Outbox;
  readonly events: EventLog;
  /** By receiver name. */
  readonly notifiers: ReadonlyMap<string, readonly Notifier[]>;
  readonly routing: Routing;
  readonly externalUrl: string;
  /** Adds to an alert's history. */
  readonly record: (fingerprint: string, kind: AlertHistoryKind, detail: string) => void;
}

/** So many alerts are decided about at once, in whole groups: some 50 ms. */
const SLICE_ALERTS = 250;

/**
 * From changes of alerts to messages in the outbox. A decision to send, the log's new entry and the message become durable in one
 * transaction, so that a kill between them can neither lose a notification nor decide it twice.
 */
export class Dispatcher {
  /** Acknowledged alerts to remind of at the next flush. */
  private readonly remind = new Set<string>();
  /** What was last held back, by notifier and episode, so that a reason is recorded when it changes and not at every flush. */
  private readonly heldBack = new Map<string, string>();

  constructor(private readonly parts: DispatcherParts) {}

  take(transitions: readonly Transition[], nowMs: number): void {
    const { groups } = this.parts;
    for (const { previous, current, reason } of transitions) {
      if (current) groups.put(current, nowMs);
      // One that has resolved stays until its end was told, however long alerts remember it.
      else if (previous && previous.condition !== 'resolved') groups.remove(previous.fingerprint);
      if (reason.kind === 'reminded' && current) {
        this.remind.add(current.fingerprint);
        groups.hasten(current.fingerprint, nowMs);
      }
    }
  }

  /**
   * Decides about groups that are due, at most a slice of them in one transaction, so that a storm of alerts does not keep
   * everybody else waiting. True: more are due, call again soon.
   */
  flush(nowMs: number): boolean {
    const { groups, notifiers, database } = this.parts;
    const { due, more } = groups.takeDue(nowMs, SLICE_ALERTS);
    if (due.length === 0) return false;
    database.transaction(() => {
      for (const group of due) {
        for (const notifier of notifiers.get(group.route.receiver) ?? []) this.notify(group, notifier, nowMs);
      }
    });
    for (const group of due) {
      groups.flushed(group);
      for (const fingerprint of group.alerts.keys()) this.remind.delete(fingerprint);
    }
    return more;
  }

  private notify(group: Group, notifier: Notifier, nowMs: number): void {
    const { log, outbox, events, routing, externalUrl } = this.parts;
    const { sendResolved } = notifier;
    const last = log.last(group.key, notifier.id);
    const muting = routing.mutingOf(group.route, nowMs);
    const decision = decide({ group, nowMs, muting, last, sendResolved, remind: this.remind });
    const event = { atMs: nowMs, receiver: notifier.receiver, notifier: notifier.id, groupKey: group.key };
    this.recordHeld(group, notifier, decision, nowMs);
    if (!decision.send) return;
    const message = buildMessage(notifier.receiver, group, decision, { externalUrl, sendResolved });
    outbox.put(notifier.id, message, nowMs);
    log.put(group.key, notifier.id, nextEntry(decision, last, nowMs));
    events.add({
      ...event,
      outcome: 'queued',
      reason: decision.reason,
      detail: message.alerts.length === 1 ? '1 alert' : `${message.alerts.length} alerts`,
    });
  }

  /** Who is not told, and why: once for each alert, notifier and reason. */
  private recordHeld(group: Group, notifier: Notifier, decision: Decision, nowMs: number): void {
    const heldNow = new Map(decision.held.map((one) => [one.alert, one]));
    for (const alert of group.alerts.values()) {
      const key = `${notifier.id} ${episodeOf(alert)}`;
      const now = heldNow.get(alert);
      const why = now && `${now.reason}: ${now.by}`;
      if (this.heldBack.get(key) === why) continue;
      if (now === undefined || why === undefined) {
        this.heldBack.delete(key);
        continue;
      }
      this.heldBack.set(key, why);
      this.parts.record(alert.fingerprint, 'held_back', `${notifier.id}: ${why}`);
      this.parts.events.add({
        atMs: nowMs,
        outcome: 'held_back',
        reason: now.reason,
        receiver: notifier.receiver,
        notifier: notifier.id,
        groupKey: group.key,
        detail: `${alert.labels.alertname ?? alert.fingerprint}: ${now.by}`,
      });
    }
    for (const alert of group.alerts.values()) {
      if (alert.condition === 'resolved') this.heldBack.delete(`${notifier.id} ${episodeOf(alert)}`);
    }
  }
}
