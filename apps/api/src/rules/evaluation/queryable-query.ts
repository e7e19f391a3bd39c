import {
  createPlan,
  evaluateInstantSliced,
  type Expr,
  Labels,
  parseExpr,
  type Plan,
  type Queryable,
  type QueryOptions,
} from '@opsroom/promql';
import { RuleError } from './evaluate-rule.js';
import { atOnce, type QueryResult, RuleQuery, type Sliced } from './rule-query.js';

const CACHE_LIMIT = 500;

/** Rules' queries over anything that holds samples. Plans are made once for each expression. */
export class QueryableQuery extends RuleQuery {
  private readonly plans = new WeakMap<Expr, Plan>();
  private readonly parsed = new Map<string, Expr>();

  constructor(
    private readonly queryable: Queryable,
    protected readonly options: QueryOptions,
  ) {
    super();
  }

  *run(expr: Expr, text: string, atMs: number): Sliced<QueryResult> {
    let plan = this.plans.get(expr);
    if (!plan) {
      plan = createPlan(expr, { text });
      this.plans.set(expr, plan);
    }
    const result = yield* evaluateInstantSliced(plan, this.queryable, atMs, this.options);
    const readsSamples = result.samples.total > 0;
    if (result.type === 'scalar') {
      return { elements: [{ labels: Labels.empty, value: result.values[0] }], readsSamples };
    }
    if (result.type !== 'vector') throw new RuleError(`rule result is not a vector or scalar but a ${result.type}`);
    const elements = result.series
      .filter((series) => series.present[0] !== 0)
      .map(({ labels, values, histograms }) => {
        const histogram = histograms?.[0];
        return histogram ? { labels, value: 0, histogram } : { labels, value: values[0] };
      });
    return { elements, readsSamples };
  }

  runText(text: string, atMs: number): QueryResult {
    let expr = this.parsed.get(text);
    if (!expr) {
      expr = parseExpr(text, { experimental: this.options.experimental });
      if (this.parsed.size >= CACHE_LIMIT) this.parsed.clear();
      this.parsed.set(text, expr);
    }
    return atOnce(this.run(expr, text, atMs));
  }
}
