import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import {
  createLiveQuery,
  createPlan,
  type Expr,
  type LiveQuery,
  type Matcher,
  type Plan,
  type SelectNode,
} from '@opsroom/promql';
import type { Subscription } from 'rxjs';
import { OpsroomConfig } from '../config/config.js';
import { Clock } from '../model/clock.js';
import { Store } from '../storage/store.js';
import { type Mark, newMark, SeriesIndex } from '../topics/series-index.js';
import { QueryableQuery } from './evaluation/queryable-query.js';
import type { QueryResult, Sliced } from './evaluation/rule-query.js';
import { ruleQueryOptions } from './rule-query-options.js';

/** Series that are kept up to date for all rules together, a series of several rules counted for each: some 100 MB. */
const MAX_SERIES = 500_000;

/** A rule's expression that is kept up to date. */
interface LiveRule {
  readonly query: LiveQuery;
  readonly mark: Mark;
  readonly series: number;
}

/**
 * In: expressions of rules, commits of the store. Out: their values in the store now, equal to the batch evaluator's bit for bit.
 * Owns: the live plans of the rules that are evaluated often. Other expressions, and those for which there is no room, are evaluated
 * from the store in slices.
 */
@Injectable()
export class LiveRuleQuery extends QueryableQuery implements OnModuleDestroy {
  private readonly logger = new Logger('Rules');
  private readonly index: SeriesIndex;
  private readonly commits: Subscription;
  /** Followed expressions; undefined until they are first asked for, and 'batch' where there is no room. */
  private live = new Map<Expr, LiveRule | 'batch' | undefined>();

  constructor(
    private readonly store: Store,
    config: OpsroomConfig,
    clock: Clock,
  ) {
    super(store, ruleQueryOptions(config, clock));
    this.index = new SeriesIndex(store);
    this.commits = store.commits$.subscribe({
      next: (commit) => void this.index.commit(commit),
      error: (error: unknown) => this.logger.error('rules no longer follow the store', error),
    });
  }

  onModuleDestroy(): void {
    this.commits.unsubscribe();
  }

  /** How many rules are kept up to date, and how many series they read. */
  get following(): { readonly rules: number; readonly series: number } {
    let rules = 0;
    let series = 0;
    for (const rule of this.live.values()) {
      if (typeof rule !== 'object') continue;
      rules++;
      series += rule.series;
    }
    return { rules, series };
  }

  override follow(exprs: Iterable<Expr>): void {
    const before = this.live;
    this.live = new Map();
    for (const expr of exprs) {
      this.live.set(expr, before.get(expr));
      before.delete(expr);
    }
    for (const rule of before.values()) if (typeof rule === 'object') this.index.remove(rule.mark);
  }

  override *run(expr: Expr, text: string, atMs: number): Sliced<QueryResult> {
    if (!this.live.has(expr)) return yield* super.run(expr, text, atMs);
    const rule = this.live.get(expr) ?? this.begin(expr, text);
    if (rule === 'batch') return yield* super.run(expr, text, atMs);
    const { query } = rule;
    const result = query.evaluateAt(atMs);
    const elements = result.order().map((i) => {
      const histogram = result.present[i] === 2 ? result.histograms?.[i] : undefined;
      return histogram
        ? { labels: result.labels[i], value: 0, histogram }
        : { labels: result.labels[i], value: result.values[i] };
    });
    return { elements, readsSamples: query.readsSamples };
  }

  private begin(expr: Expr, text: string): LiveRule | 'batch' {
    const plan = createPlan(expr, { text });
    const selectors = selectorsOf(plan);
    const series = selectors.reduce((sum, matchers) => sum + this.store.refs(matchers).length, 0);
    const rule = this.fits(plan, series) ? this.keep(plan, selectors, series) : 'batch';
    this.live.set(expr, rule);
    return rule;
  }

  private fits({ root }: Plan, series: number): boolean {
    return (root.type === 'vector' || root.type === 'scalar') && this.following.series + series <= MAX_SERIES;
  }

  private keep(plan: Plan, selectors: readonly (readonly Matcher[])[], series: number): LiveRule {
    const query = createLiveQuery(plan, this.store, this.options);
    const mark = newMark();
    this.index.add(mark, selectors, (commit) => {
      if (commit.deleted) query.invalidate();
      query.onCommit(commit);
    });
    return { query, mark, series };
  }
}

const selectorsOf = (plan: Plan): readonly (readonly Matcher[])[] =>
  plan.nodes.filter((node): node is SelectNode => node.kind === 'select').map(({ matchers }) => matchers);
