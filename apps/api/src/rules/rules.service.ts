import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { RuleGroupStatus } from '@opsroom/contracts';
import type { Labels } from '@opsroom/promql';
import { EMPTY, exhaustMap, filter, merge, Observable, Subject, Subscription } from 'rxjs';
import { ConfigError } from '../config/config-error.js';
import { OpsroomConfig } from '../config/config.js';
import { ReloadService } from '../config/reload.service.js';
import { Clock } from '../model/clock.js';
import type { Evaluation } from '../model/evaluation.js';
import { Store } from '../storage/store.js';
import type { RuleSample } from './evaluation/evaluate-rule.js';
import { alertingRule, freshState, type RuleState, type RunContext, runRule } from './evaluation/group-state.js';
import { RuleQuery, type Sliced } from './evaluation/rule-query.js';
import type { RuleGroup } from './files/rule-group.js';
import { groupPhaseMs, ON_ARRIVAL_MS } from './group-phase.js';
import { loadRules } from './load-rules.js';
import { storedActiveAt } from './restore.js';
import { RuleEvaluations } from './rule-evaluations.js';
import { RuleWriter, RULES_SOURCE } from './rule-writer.js';

/** Samples that arrive within this time of each other are evaluated together. */
const COALESCE_MS = 50;

/** How long the rules of a group hold the process before others get a turn, in ms. */
const SLICE_MS = 4;

/** A group with what its runs have left. */
export interface RunningGroup {
  readonly group: RuleGroup;
  readonly rules: readonly RuleState[];
  lastEvaluationMs: number;
  durationMs: number;
}

/**
 * In: rule files, time, commits of the store. Out: `evaluations$`, recorded series and ALERTS in the store, the state of every
 * group for the rules API and /status. Owns: the groups, and when each of them is evaluated.
 */
@Injectable()
export class RulesService extends RuleEvaluations implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Rules');
  private readonly evaluations = new Subject<Evaluation>();
  private readonly writer: RuleWriter;
  private readonly context: RunContext;
  private running: readonly RunningGroup[];
  private schedule = new Subscription();
  private readonly unregister: () => void;

  readonly evaluations$: Observable<Evaluation> = this.evaluations.asObservable();

  constructor(
    private readonly config: OpsroomConfig,
    private readonly clock: Clock,
    private readonly store: Store,
    private readonly query: RuleQuery,
    reloads: ReloadService,
  ) {
    super();
    this.writer = new RuleWriter(store);
    this.context = {
      query,
      world: { externalLabels: config.global.externalLabels, externalUrl: config.process.externalUrl },
      monotonicMs: () => clock.monotonicMs(),
      startedMs: clock.nowMs(),
      restoredActiveAt: (rule, labels, atMs) => storedActiveAt(store, labels, rule.forMs, atMs),
    };
    const { groups, problems } = loadRules(config);
    if (problems.length > 0) throw new ConfigError(problems);
    this.running = groups.map((group) => this.begin(group, undefined));
    this.unregister = reloads.register('rules', () => {
      const wrong = this.reload();
      if (wrong.length > 0) throw new ConfigError(wrong);
    });
  }

  onApplicationBootstrap(): void {
    this.start();
  }

  onModuleDestroy(): void {
    this.unregister();
    this.schedule.unsubscribe();
    this.evaluations.complete();
  }

  /** All groups in the order of their files. The states change with every run: read them, do not keep them. */
  groups(): readonly RunningGroup[] {
    return this.running;
  }

  alertingRuleIds(): ReadonlySet<string> {
    const alerting = this.running.flatMap(({ rules }) => rules.filter(({ rule }) => rule.kind === 'alerting'));
    return new Set(alerting.map(({ rule }) => rule.id));
  }

  status(): RuleGroupStatus[] {
    return this.running.map(({ group, rules, lastEvaluationMs, durationMs }) => ({
      file: group.file,
      group: group.name,
      intervalMs: group.intervalMs,
      lastEvaluationMs,
      durationMs,
      failing: rules.filter((state) => state.health === 'err').length,
      rules: rules.length,
    }));
  }

  /**
   * Reads the files again. Rules that are still there keep their alerts; those that are gone end theirs and their series.
   * Returns everything that is wrong with the files; nothing has changed then.
   */
  reload(): readonly string[] {
    const { groups, problems } = loadRules(this.config);
    if (problems.length > 0) return problems;
    const before = new Map(this.running.flatMap(({ rules }) => rules.map((state) => [state.rule.id, state] as const)));
    const atMs = this.clock.nowMs();
    const previous = this.running;
    this.running = groups.map((group) => this.begin(group, before));
    const kept = new Set(this.running.flatMap(({ rules }) => rules.map(({ rule }) => rule.id)));
    for (const { group, rules } of previous)
      for (const state of rules) if (!kept.has(state.rule.id)) this.end(group, state, atMs);
    this.start();
    return [];
  }

  /**
   * One evaluation of a group, its rules one after the other, each seeing what those before it wrote. It gives way to other
   * work wherever the evaluator pauses, and ends early when it is unsubscribed.
   */
  private evaluation$(running: RunningGroup, atMs: number): Observable<never> {
    return new Observable((subscriber) => {
      const run = this.evaluate(running, atMs);
      const pauses = new Subscription();
      const goOn = (): void => {
        try {
          if (run.next().done === true) subscriber.complete();
          else
            pauses.add(
              this.clock.after(0).subscribe({ next: goOn, error: (error: unknown) => subscriber.error(error) }),
            );
        } catch (error) {
          this.report(`group ${running.group.name} could not be evaluated`, error);
          subscriber.complete();
        }
      };
      goOn();
      return pauses;
    });
  }

  private *evaluate(running: RunningGroup, atMs: number): Sliced<void> {
    // A second run at the same time, or one before the last, has nothing to write: the clock was set back.
    if (atMs <= running.lastEvaluationMs && running.lastEvaluationMs - atMs < 2 * running.group.intervalMs) return;
    const startedMs = this.clock.monotonicMs();
    let sliceMs = startedMs;
    for (const state of running.rules) {
      const { samples, stale, evaluation } = yield* runRule(running.group, state, atMs, this.context);
      this.write(samples, stale, atMs - running.group.queryOffsetMs);
      if (evaluation) this.evaluations.next(evaluation);
      // A live plan does not pause by itself; most are done in a fraction of this.
      if (this.clock.monotonicMs() - sliceMs < SLICE_MS) continue;
      yield;
      sliceMs = this.clock.monotonicMs();
    }
    running.lastEvaluationMs = atMs;
    running.durationMs = this.clock.monotonicMs() - startedMs;
  }

  private begin(group: RuleGroup, before: ReadonlyMap<string, RuleState> | undefined): RunningGroup {
    const rules = group.rules.map((rule): RuleState => {
      const known = before?.get(rule.id);
      return known ? { ...known, rule } : freshState(rule);
    });
    return { group, rules, lastEvaluationMs: 0, durationMs: 0 };
  }

  private end(group: RuleGroup, state: RuleState, atMs: number): void {
    this.write([], [...state.series.values()], atMs);
    if (state.rule.kind !== 'alerting') return;
    const rule = alertingRule(group, state.rule);
    this.evaluations.next({ rule, atMs, outcome: { kind: 'vector', elements: [], nodata: false } });
  }

  private start(): void {
    this.schedule.unsubscribe();
    this.schedule = new Subscription();
    this.query.follow(this.running.flatMap(({ rules }) => rules.map(({ rule }) => rule.parsed)));
    const arrivals$ = this.store.commits$.pipe(
      filter((commit) => commit.source !== RULES_SOURCE),
      exhaustMap(() => this.clock.after(COALESCE_MS)),
    );
    for (const running of this.running) {
      const { intervalMs } = running.group;
      const phaseMs = groupPhaseMs(running.group);
      const due$ = merge(this.clock.beats(intervalMs, phaseMs), intervalMs <= ON_ARRIVAL_MS ? arrivals$ : EMPTY);
      // While a run goes on, what falls due is skipped: a group that cannot keep up is evaluated less often.
      const runs$ = due$.pipe(
        exhaustMap((beatMs) => this.evaluation$(running, beatMs === undefined ? this.clock.nowMs() : beatMs + phaseMs)),
      );
      this.schedule.add(
        runs$.subscribe({ error: (error: unknown) => this.report('the clock of the rules has failed', error) }),
      );
    }
  }

  private write(samples: readonly RuleSample[], stale: readonly Labels[], atMs: number): void {
    try {
      this.writer.write(samples, stale, atMs, this.clock.nowMs());
    } catch (error) {
      this.report('what rules gave could not be written', error);
    }
  }

  private report(what: string, error: unknown): void {
    this.logger.error(what, error instanceof Error ? error.stack : error);
  }
}
