import { Labels } from '@opsroom/promql';
import type { LabelSet } from '@opsroom/contracts';
import { Subject } from 'rxjs';
import { type ConfigOverrides, testConfig } from '../config/config.fixture.js';
import type { Clock } from '../model/clock.js';
import { ManualClock } from '../model/manual-clock.fixture.js';
import type { AlertingRule, Evaluation } from '../model/evaluation.js';
import type { Transition } from '../model/transition.js';
import { Routing } from '../routing/routing.js';
import { RuleEvaluations } from '../rules/rule-evaluations.js';
import type { Database } from '../storage/database.js';
import { openTestDatabase } from '../storage/test-database.fixture.js';
import { AlertBook } from './alert-book.js';
import { AlertRepository } from './alert-repository.js';
import { AlertTopics } from './alert-topics.js';
import { AlertViews } from './alert-views.js';
import { AlertsService } from './alerts.service.js';
import { NotesService } from './notes.service.js';
import { RequestLog } from './request-log.js';
import { SilencesService } from './silences.service.js';
import { SuppressionService } from './suppression.service.js';

/** Rules that a test evaluates by hand. */
class FakeRules extends RuleEvaluations {
  readonly evaluations = new Subject<Evaluation>();
  readonly evaluations$ = this.evaluations.asObservable();
  readonly ids = new Set<string>(['r']);

  alertingRuleIds(): ReadonlySet<string> {
    return this.ids;
  }
}

export const rule: AlertingRule = {
  id: 'r',
  file: 'rules/api.yml',
  group: 'api',
  name: 'High',
  expr: 'x > 1',
  forMs: 0,
  keepFiringForMs: 0,
  intervalMs: 15_000,
};

/** All of the alerts' services over one database, without a module. Two of them over one database are a restart. */
export class AlertsBench {
  readonly rules = new FakeRules();
  readonly transitions: Transition[] = [];
  readonly book = new AlertBook();
  readonly alerts: AlertsService;
  readonly silences: SilencesService;
  readonly notes: NotesService;
  readonly topics: AlertTopics;

  constructor(
    readonly clock: Clock,
    readonly database: Database,
    overrides: ConfigOverrides = {},
  ) {
    const config = testConfig(overrides);
    const requests = new RequestLog(database, clock);
    this.silences = new SilencesService(database, clock, this.book, requests);
    const suppression = new SuppressionService(config, this.silences, this.book, new Routing(config));
    const views = new AlertViews(suppression);
    this.alerts = new AlertsService(
      config,
      clock,
      database,
      this.rules,
      new AlertRepository(database),
      this.book,
      views,
      suppression,
      this.silences,
      requests,
    );
    this.notes = new NotesService(database, clock, requests, this.alerts);
    this.topics = new AlertTopics(this.alerts, config, clock);
    this.alerts.transitions$.subscribe((batch) => this.transitions.push(...batch));
    this.alerts.onApplicationBootstrap();
  }

  static memory(overrides: ConfigOverrides = {}): AlertsBench & { readonly clock: ManualClock } {
    return new AlertsBench(new ManualClock(), openTestDatabase(), overrides) as AlertsBench & {
      readonly clock: ManualClock;
    };
  }

  /** Evaluates the rule: these label sets fire (or are pending), all others of it do not. */
  evaluate(
    sets: readonly LabelSet[],
    over: { condition?: 'pending' | 'firing'; value?: number; nodata?: boolean; rule?: AlertingRule } = {},
  ): void {
    const atMs = this.clock.nowMs();
    this.rules.evaluations.next({
      rule: over.rule ?? rule,
      atMs,
      outcome: {
        kind: 'vector',
        nodata: over.nodata ?? false,
        elements: sets.map((labels) => ({
          labels: Labels.from(labels),
          annotations: { summary: `value ${over.value ?? 1}` },
          value: over.value ?? 1,
          condition: over.condition ?? 'firing',
          activeAtMs: atMs,
        })),
      },
    });
  }

  /** Name and episode of an alert, for requests. */
  ref(labels: LabelSet): { fingerprint: string; episode: string } {
    const { fingerprint } = Labels.from(labels);
    return { fingerprint, episode: this.alerts.view(fingerprint)?.episode ?? 'none' };
  }

  close(): void {
    this.topics.onModuleDestroy();
    this.alerts.onModuleDestroy();
  }
}
