import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type {
  AcknowledgeInput,
  AlertHistoryEntry,
  AlertHistoryFilter,
  AlertHistoryKind,
  AlertOutcome,
  AlertRef,
  AlertView,
  MatcherSpec,
} from '@opsroom/contracts';
import { type Observable, Subject, Subscription } from 'rxjs';
import { OpsroomConfig } from '../config/config.js';
import { Clock } from '../model/clock.js';
import type { Evaluation } from '../model/evaluation.js';
import { Refusal } from '../model/refusal.js';
import type { Transition } from '../model/transition.js';
import { RuleEvaluations } from '../rules/rule-evaluations.js';
import { Database } from '../storage/database.js';
import { AlertBook } from './alert-book.js';
import { AlertRepository } from './alert-repository.js';
import { defaultPolicy } from './alert-state.js';
import { AlertViews } from './alert-views.js';
import { evaluationEvents } from './evaluation-events.js';
import { compileMatchers } from './label-index.js';
import type { LifecycleEvent } from './lifecycle.js';
import { receivedEvent, type ReceivedAlert } from './received.js';
import { type Actor, RequestLog } from './request-log.js';
import { SilencesService } from './silences.service.js';
import { Staging } from './staging.js';
import { suppressionChange } from './suppression-change.js';
import { SuppressionService } from './suppression.service.js';

const TICK_MS = 1_000;
/** New values alone are written this often; whatever else changes is durable before anybody sees it. */
const SAVE_VALUES_MS = 10_000;

/**
 * In: evaluations of rules, received alerts, what people do, time. Out: alerts as views and `transitions$`. Owns: the life of
 * every alert: one batch of events is decided (lifecycle.ts), made durable, taken into the book and told, in this order.
 */
@Injectable()
export class AlertsService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Alerts');
  private readonly transitions = new Subject<readonly Transition[]>();
  private readonly subscriptions = new Subscription();
  private readonly unsaved = new Set<string>();
  private savedMs = 0;

  /** Every change of an alert, durable, in batches that became so together; at most one per alert and batch. */
  readonly transitions$: Observable<readonly Transition[]> = this.transitions.asObservable();

  constructor(
    private readonly config: OpsroomConfig,
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly rules: RuleEvaluations,
    private readonly repository: AlertRepository,
    private readonly book: AlertBook,
    private readonly views: AlertViews,
    private readonly suppression: SuppressionService,
    private readonly silences: SilencesService,
    private readonly requests: RequestLog,
  ) {
    suppression.timePassed(clock.nowMs());
    for (const state of repository.loadAll()) {
      book.set(state);
      if (state.condition === 'firing') suppression.conditionChanged(state.fingerprint, state.labels, true);
    }
    this.listen(rules.evaluations$, (evaluation) => this.evaluated(evaluation));
    this.listen(silences.changes$, (changed) => {
      this.publish(new Staging(book, defaultPolicy, randomUUID), suppression.silencesChanged(changed));
    });
  }

  onApplicationBootstrap(): void {
    const known = this.rules.alertingRuleIds();
    const orphans = [...this.book.activeRules()].filter((ruleId) => ruleId !== '' && !known.has(ruleId));
    const atMs = this.clock.nowMs();
    this.batch((staging) => {
      for (const ruleId of orphans) {
        for (const fingerprint of this.book.activeOf(ruleId)) staging.apply(fingerprint, { kind: 'absent', atMs });
      }
    });
    this.listen(this.clock.beats(TICK_MS), () => this.tick());
  }

  onModuleDestroy(): void {
    this.subscriptions.unsubscribe();
    this.saveValues();
    this.transitions.complete();
  }

  /**
   * Acknowledges for a person, each alert on its own: the outcomes say which, and who has those that somebody else has. Durable
   * when it returns; the same requestId of the same person gives the same outcomes and changes nothing.
   */
  acknowledge(input: AcknowledgeInput, actor: Actor): readonly AlertOutcome[] {
    const { untilMs, untilWorse, takeOver } = input;
    if (untilMs !== undefined && untilMs <= this.clock.nowMs()) {
      throw new Refusal('bad_request', 'untilMs lies in the past; an acknowledgement ends in the future');
    }
    return this.forPeople('alert:acknowledge', input, actor, (ref, atMs) => ({
      kind: 'acknowledge',
      atMs,
      by: actor.name,
      episode: ref.episode,
      note: input.note ?? '',
      ...(untilMs !== undefined && { untilMs }),
      ...(untilWorse && { untilWorse }),
      ...(takeOver && { takeOver }),
    }));
  }

  unacknowledge(
    input: { readonly alerts: readonly AlertRef[]; readonly requestId: string },
    actor: Actor,
  ): readonly AlertOutcome[] {
    return this.forPeople('alert:unacknowledge', input, actor, (ref, atMs) => ({
      kind: 'unacknowledge',
      atMs,
      by: actor.name,
      episode: ref.episode,
    }));
  }

  /** `assignee` null takes it from whoever has it. */
  assign(
    input: { readonly alerts: readonly AlertRef[]; readonly assignee: string | null; readonly requestId: string },
    actor: Actor,
  ): readonly AlertOutcome[] {
    return this.forPeople('alert:assign', input, actor, (ref, atMs) => ({
      kind: 'assign',
      atMs,
      by: actor.name,
      episode: ref.episode,
      assignee: input.assignee,
    }));
  }

  /** Takes alerts that others evaluated. An alert that a rule of this server has is left to the rule. */
  receive(alerts: readonly ReceivedAlert[]): void {
    const nowMs = this.clock.nowMs();
    this.batch((staging) => {
      for (const alert of alerts) {
        const { fingerprint, event } = receivedEvent(alert, nowMs, this.config.resolveTimeoutMs);
        const state = staging.get(fingerprint);
        if (state?.origin.kind === 'rule' && state.condition !== 'resolved') continue;
        staging.apply(fingerprint, event);
      }
    });
  }

  view(fingerprint: string): AlertView | undefined {
    const state = this.book.get(fingerprint);
    return state && this.views.of(state);
  }

  /** When a received alert ends unless it is sent again; undefined for others. */
  expiryMs(fingerprint: string): number | undefined {
    return this.book.get(fingerprint)?.expiresMs;
  }

  /** Alerts that all matchers select, in no particular order. Throws a `Refusal` for a bad regular expression. */
  select(matchers: readonly MatcherSpec[]): AlertView[] {
    return Array.from(this.book.select(compileMatchers(matchers)), (state) => this.views.of(state));
  }

  /** The newest entries of an alert's history, oldest first. */
  history(fingerprint: string, limit = 200): AlertHistoryEntry[] {
    return this.repository.history(fingerprint, limit);
  }

  /** The newest entries of all histories, newest first; `beforeId` pages on. */
  audit(limit = 200, beforeId?: number, filter?: AlertHistoryFilter): AlertHistoryEntry[] {
    return this.repository.audit(limit, beforeId, filter);
  }

  /** Adds an entry about an alert: a notification that went out or was held back, a note. */
  record(
    fingerprint: string,
    kind: AlertHistoryKind,
    detail: string,
    actor: Actor = { name: 'opsroom' },
  ): AlertHistoryEntry {
    const entry = {
      fingerprint,
      episode: this.book.get(fingerprint)?.episode ?? '',
      atMs: this.clock.nowMs(),
      kind,
      actor: actor.name,
      ...(actor.address !== undefined && { address: actor.address }),
      detail,
    };
    return { ...entry, id: this.repository.record(entry) };
  }

  /** Notes that a person looked at an alert: once per episode and person. */
  opened(fingerprint: string, actor: Actor): void {
    const state = this.book.get(fingerprint);
    if (!state || this.repository.hasEntry(fingerprint, state.episode, 'opened', actor.name)) return;
    this.record(fingerprint, 'opened', '', actor);
  }

  private forPeople(
    kind: string,
    input: { readonly alerts: readonly AlertRef[]; readonly requestId: string },
    actor: Actor,
    eventFor: (ref: AlertRef, atMs: number) => LifecycleEvent,
  ): readonly AlertOutcome[] {
    const atMs = this.clock.nowMs();
    const staging = this.staging();
    const { result } = this.requests.once(actor, kind, input.requestId, () => {
      const outcomes = input.alerts.map((ref): AlertOutcome => {
        const { fingerprint, episode } = ref;
        if (!staging.get(fingerprint)) return { fingerprint, episode, done: false, reason: 'unknown_alert' };
        const step = staging.apply(fingerprint, eventFor(ref, atMs));
        if (!('refused' in step)) return { fingerprint, episode, done: true };
        const { refused: reason, winner } = step;
        return { fingerprint, episode, done: false, reason, ...(winner !== undefined && { winner }) };
      });
      this.persist(staging, actor);
      return { outcomes };
    });
    this.publish(staging);
    return result.outcomes;
  }

  private evaluated(evaluation: Evaluation): void {
    this.batch((staging) => {
      for (const { fingerprint, event } of evaluationEvents(evaluation, this.book)) staging.apply(fingerprint, event);
    });
  }

  private tick(): void {
    const atMs = this.clock.nowMs();
    this.silences.refresh();
    const muted = this.suppression.timePassed(atMs);
    this.batch((staging) => {
      for (const { fingerprint } of this.book.all()) staging.apply(fingerprint, { kind: 'tick', atMs });
    }, muted);
    if (Math.abs(atMs - this.savedMs) >= SAVE_VALUES_MS) {
      this.savedMs = atMs;
      this.saveValues();
      this.requests.forgetOld();
    }
  }

  /** Decides, writes and tells one batch of events that are not a person's request, and alerts whose suppression may be another. */
  private batch(decide: (staging: Staging) => void, alsoAffected?: ReadonlySet<string>): void {
    const staging = this.staging();
    decide(staging);
    if (staging.changes.some(({ change }) => change.reason.kind !== 'value')) {
      this.database.transaction(() => this.persist(staging));
    }
    this.publish(staging, alsoAffected);
  }

  private staging(): Staging {
    return new Staging(this.book, defaultPolicy, randomUUID);
  }

  private persist(staging: Staging, actor?: Actor): void {
    const saved = new Set<string>();
    for (const { fingerprint, previous, current, change, atMs } of staging.changes) {
      if (change.reason.kind === 'value') continue;
      saved.add(fingerprint);
      if (change.history === undefined) continue;
      const byPerson = actor?.name === change.actor && actor.address !== undefined;
      this.repository.record({
        fingerprint,
        episode: (current ?? previous)?.episode ?? '',
        atMs,
        kind: change.history,
        actor: change.actor,
        ...(byPerson && { address: actor.address }),
        detail: change.detail,
      });
    }
    for (const fingerprint of saved) {
      const state = staging.states.get(fingerprint);
      if (state) this.repository.save(state);
      else this.repository.remove(fingerprint);
    }
  }

  /** Takes what is durable into memory and tells everybody. `alsoAffected`: alerts whose suppression may be another now. */
  private publish(staging: Staging, alsoAffected: ReadonlySet<string> = new Set()): void {
    const previousViews = new Map<string, AlertView | undefined>();
    const durable = new Set<string>();
    for (const { fingerprint, previous, change } of staging.changes) {
      if (change.reason.kind !== 'value') durable.add(fingerprint);
      if (!previousViews.has(fingerprint)) previousViews.set(fingerprint, previous && this.views.of(previous));
    }
    const affected = new Set(alsoAffected);
    for (const [fingerprint, state] of staging.states) {
      const before = this.book.get(fingerprint);
      if (state) {
        this.book.set(state);
        if (durable.has(fingerprint)) this.unsaved.delete(fingerprint);
        else if (previousViews.has(fingerprint) || state.expiresMs !== before?.expiresMs) this.unsaved.add(fingerprint);
      } else {
        this.book.remove(fingerprint);
        this.unsaved.delete(fingerprint);
      }
      const labels = (state ?? before)?.labels;
      if (!labels || before?.condition === state?.condition) continue;
      for (const other of this.suppression.conditionChanged(fingerprint, labels, state?.condition === 'firing'))
        affected.add(other);
    }
    const told = new Map<string, Transition>();
    for (const { fingerprint, change, atMs } of staging.changes) {
      const state = this.book.get(fingerprint);
      const current = state && this.views.of(state);
      told.set(fingerprint, {
        atMs,
        previous: previousViews.get(fingerprint),
        current,
        reason: change.reason,
        actor: change.actor,
      });
      if (!state) this.views.forget(fingerprint);
    }
    for (const fingerprint of affected) this.tellSuppression(fingerprint, told);
    if (told.size > 0) this.transitions.next([...told.values()]);
  }

  private tellSuppression(fingerprint: string, told: Map<string, Transition>): void {
    const state = this.book.get(fingerprint);
    if (!state || told.has(fingerprint)) return;
    const previous = this.views.last(fingerprint);
    const current = this.views.of(state);
    const kind = suppressionChange(previous?.suppressedBy ?? [], current.suppressedBy);
    if (!kind) return;
    told.set(fingerprint, { atMs: this.clock.nowMs(), previous, current, reason: { kind }, actor: 'opsroom' });
  }

  private saveValues(): void {
    if (this.unsaved.size === 0) return;
    this.database.transaction(() => {
      for (const fingerprint of this.unsaved) {
        const state = this.book.get(fingerprint);
        if (state) this.repository.save(state);
      }
    });
    this.unsaved.clear();
  }

  private listen<T>(source: Observable<T>, handle: (value: T) => void): void {
    this.subscriptions.add(
      source.subscribe({
        next: (value) => {
          try {
            handle(value);
          } catch (error) {
            this.logger.error('a change of alerts could not be written', error instanceof Error ? error.stack : error);
          }
        },
        error: (error: unknown) =>
          this.logger.error('a stream that alerts read has failed', error instanceof Error ? error.stack : error),
      }),
    );
  }
}
