import { Injectable } from '@nestjs/common';
import {
  createPlan,
  defaultQueryOptions,
  evaluateInstantSliced,
  evaluateRangeSliced,
  type EvaluationResult,
  parseExpr,
  type Plan,
  type QueryOptions,
  type SlicedEvaluation,
} from '@opsroom/promql';
import { OpsroomConfig } from '../../../config/config.js';
import { Clock } from '../../../model/clock.js';
import { SelfMetrics } from '../../../model/self-metrics.js';
import { Store } from '../../../storage/store.js';
import type { ClientSignal } from './client-signal.js';
import { Gate } from './gate.js';
import { PrometheusError } from './prometheus-error.js';
import { queryError } from './query-errors.js';
import { RoundRobin } from './round-robin.js';

/** How a query is to be run, beside its text. */
export interface QueryRequest {
  readonly text: string;
  /** Undefined: the server's. */
  readonly lookbackMs: number | undefined;
  /** At most the server's. */
  readonly timeoutMs: number | undefined;
  readonly signal: ClientSignal;
}

/** When the evaluation happens: at one time, or at steps. */
export type QueryTimes =
  { readonly timeMs: number } | { readonly startMs: number; readonly endMs: number; readonly stepMs: number };

export interface QueryAnswer {
  readonly result: EvaluationResult;
  /** ms: waiting for its turn, reading and planning, evaluating. */
  readonly timings: { readonly queueMs: number; readonly prepareMs: number; readonly evaluateMs: number };
}

/** Steps between the first point and the last. More no screen can show; Prometheus's own bound. */
export const MAX_STEPS = 11_000;

/** Plans are kept for panels that ask again and again. */
const MAX_PLANS = 500;
/** Queries that may wait for each one that may run. */
const WAITING_FACTOR = 25;

/**
 * In: expressions and times. Out: results over the store now, or Prometheus's errors.
 * Owns: how many queries run at once and in what turns, their deadlines, plans of recent expressions.
 */
@Injectable()
export class QueryService {
  private readonly gate: Gate;
  private readonly turns = new RoundRobin();
  private readonly plans = new Map<string, Plan>();
  private readonly durations;
  /** What every query is run with. */
  private readonly options: QueryOptions;

  constructor(
    private readonly config: OpsroomConfig,
    private readonly clock: Clock,
    private readonly store: Store,
    metrics: SelfMetrics,
  ) {
    const { query } = config;
    const { maxConcurrency } = query;
    this.options = {
      ...defaultQueryOptions,
      lookbackMs: query.lookbackMs,
      defaultSubqueryStepMs: config.global.evaluationIntervalMs,
      experimental: query.experimentalFunctions,
      delayedNameRemoval: query.delayedNameRemoval,
      typeAndUnitLabels: query.typeAndUnitLabels,
      limits: {
        ...defaultQueryOptions.limits,
        // Prometheus bounds samples, not series.
        maxSeries: Infinity,
        maxPointsPerSeries: MAX_STEPS + 1,
        maxSamples: query.maxSamples,
        timeoutMs: query.timeoutMs,
      },
      elapsedMs: () => clock.monotonicMs(),
    };
    this.gate = new Gate(Math.max(1, maxConcurrency), Math.max(1, maxConcurrency) * WAITING_FACTOR);
    this.durations = metrics.histogram({
      name: 'opsroom_query_duration_seconds',
      help: 'Queries over HTTP from their arrival to their result, by kind.',
      labelNames: ['kind'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    });
    metrics.gauge({
      name: 'opsroom_queries_running',
      help: 'Queries over HTTP that are evaluated now.',
      collect: (gauge) => gauge.set(this.gate.running),
    });
    metrics.gauge({
      name: 'opsroom_queries_waiting',
      help: 'Queries over HTTP that wait for others to end.',
      collect: (gauge) => gauge.set(this.gate.waiting),
    });
  }

  /** Throws `PrometheusError`: `bad_data` for the text, `execution`, `timeout`, `canceled`, `unavailable` when too many wait. */
  async run(request: QueryRequest, times: QueryTimes): Promise<QueryAnswer> {
    const arrivedMs = this.clock.monotonicMs();
    // The text is checked before the line: a mistake is told at once, however busy the server is.
    const plan = this.planOf(request.text);
    const preparedMs = this.clock.monotonicMs();
    const leave = await this.gate.enter(request.signal);
    if (!leave) {
      if (request.signal.aborted) throw new PrometheusError('canceled', 'query was canceled in query queue');
      throw new PrometheusError('unavailable', 'too many queries are waiting; try again later');
    }
    try {
      const enteredMs = this.clock.monotonicMs();
      const result = await this.evaluate(plan, request, times, enteredMs - arrivedMs);
      const endMs = this.clock.monotonicMs();
      this.durations.observe({ kind: 'timeMs' in times ? 'instant' : 'range' }, (endMs - arrivedMs) / 1000);
      return {
        result,
        timings: {
          queueMs: enteredMs - preparedMs,
          prepareMs: preparedMs - arrivedMs,
          evaluateMs: endMs - enteredMs,
        },
      };
    } finally {
      leave();
    }
  }

  /** Prints a result in turns too: it can take as long as its evaluation. */
  print<T>(work: Generator<void, T>): Promise<T> {
    return this.turns.run(work);
  }

  private async evaluate(
    plan: Plan,
    request: QueryRequest,
    times: QueryTimes,
    waitedMs: number,
  ): Promise<EvaluationResult> {
    try {
      return await this.turns.run(this.sliced(plan, times, this.optionsOf(request, waitedMs)));
    } catch (error) {
      throw queryError(error, request.text);
    }
  }

  private sliced(plan: Plan, times: QueryTimes, options: QueryOptions): SlicedEvaluation {
    return 'timeMs' in times
      ? evaluateInstantSliced(plan, this.store, times.timeMs, options)
      : evaluateRangeSliced(plan, this.store, times, options);
  }

  private optionsOf(request: QueryRequest, waitedMs: number): QueryOptions {
    const { lookbackMs, limits } = this.options;
    const timeoutMs = Math.min(request.timeoutMs ?? limits.timeoutMs, limits.timeoutMs);
    return {
      ...this.options,
      lookbackMs: request.lookbackMs ?? lookbackMs,
      // An evaluation stops when it took longer than its limit: nothing left means less than no time.
      limits: { ...limits, timeoutMs: timeoutMs > waitedMs ? timeoutMs - waitedMs : -1 },
      signal: request.signal,
    };
  }

  private planOf(text: string): Plan {
    const known = this.plans.get(text);
    if (known) return known;
    try {
      const plan = createPlan(parseExpr(text, { experimental: this.config.query.experimentalFunctions }), { text });
      if (this.plans.size >= MAX_PLANS) this.plans.clear();
      this.plans.set(text, plan);
      return plan;
    } catch (error) {
      throw queryError(error, text);
    }
  }
}
