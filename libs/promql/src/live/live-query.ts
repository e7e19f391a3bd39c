import { PromqlExecutionError } from '../errors.js';
import { Evaluation, type Grid, type Operators } from '../evaluate/evaluation.js';
import { operators } from '../evaluate/operators.js';
import type { QueryOptions } from '../evaluate/options.js';
import type { Annotations } from '../evaluate/result.js';
import type { Block } from '../evaluate/block.js';
import { explain } from '../plan/explain.js';
import type { Plan, PlanNode } from '../plan/nodes.js';
import { buildLive, type LiveNodes } from './build-live.js';
import { type LiveResult, ResultTable } from './live-result.js';
import type { LiveNode, LiveTick } from './live-node.js';
import type { CommitIndex } from './commit-index.js';
import type { SelectedSeries } from './selected-series.js';
import type { LiveCommit, LiveSource } from './source.js';

export interface LiveQueryOptions extends QueryOptions {
  /** What `step()` is, in ms; 0 as in an instant query if it is not given. */
  readonly stepMs?: number;
}

/**
 * A query that is evaluated again and again as samples arrive. Its result at a time equals that of the batch evaluator for the
 * same samples bit for bit, save that annotations of a result that has not changed are not made anew.
 */
export interface LiveQuery {
  /**
   * To be told of every commit to the store, after it is in. True if the query reads any of it: it should be evaluated. A
   * driver of many queries loads the commit into a CommitIndex once and hands that to all of them.
   */
  onCommit(commit: LiveCommit | CommitIndex): boolean;
  /** To be called when samples have changed in another way than by commits, or commits have been missed. */
  invalidate(): void;
  /**
   * True if the result may differ at `toMs` from that at `fromMs`, the time of the last evaluation, though no sample has come:
   * a window slides, a sample grows too old, the expression reads the clock.
   */
  needsBeat(fromMs: number, toMs: number): boolean;
  /**
   * The result at a time. Times should not go back; where they do, everything is read again. Throws PromqlExecutionError and
   * PromqlLimitError as the batch evaluator does; the query can still be evaluated after that.
   */
  evaluateAt(timeMs: number): LiveResult;
  /** Time of the newest sample that the last result rests on; -Infinity without one. */
  readonly newestSampleMs: number;
  /** The last evaluation has found samples; without any, its result says nothing about what is watched. */
  readonly readsSamples: boolean;
  /** The plan as text, with how each node takes new samples. */
  explain(): string;
}

/** The plan has to give an instant vector or a scalar. Nothing is read before the first evaluation. */
export function createLiveQuery(plan: Plan, source: LiveSource, options: LiveQueryOptions): LiveQuery {
  const { type } = plan.root;
  if (type !== 'vector' && type !== 'scalar') {
    throw new PromqlExecutionError(`a live query gives an instant vector or a scalar, this expression a ${type}`);
  }
  return new KeptQuery(plan, source, options, type);
}

/** In: commits and times. Out: results. Owns: the operators with what they keep, and the table of the result. */
class KeptQuery implements LiveQuery {
  private nodes: LiveNodes;
  private watched: readonly SelectedSeries[];
  private readonly table: ResultTable;
  private broken = false;

  constructor(
    private readonly plan: Plan,
    private readonly source: LiveSource,
    private readonly options: LiveQueryOptions,
    type: 'vector' | 'scalar',
  ) {
    this.nodes = buildLive(plan.root, source);
    this.watched = this.nodes.order.flatMap(({ watched }) => watched);
    this.table = new ResultTable(type, options);
  }

  onCommit(commit: LiveCommit | CommitIndex): boolean {
    let any = false;
    for (const series of this.watched) any = series.take(commit) || any;
    return any;
  }

  invalidate(): void {
    for (const series of this.watched) series.invalidate();
  }

  needsBeat(fromMs: number, toMs: number): boolean {
    return this.nodes.order.some((node) => node.nextChangeMs(fromMs) <= toMs);
  }

  get newestSampleMs(): number {
    return this.nodes.order.reduce((newest, node) => Math.max(newest, node.newestMs), -Infinity);
  }

  get readsSamples(): boolean {
    return this.nodes.order.some((node) => node.readsSamples);
  }

  evaluateAt(timeMs: number): LiveResult {
    if (this.broken) {
      // Operators behind the one that failed have missed changes.
      this.nodes = buildLive(this.plan.root, this.source);
      this.watched = this.nodes.order.flatMap(({ watched }) => watched);
      this.table.restart();
    }
    this.broken = true;
    const tick = this.tick(timeMs);
    for (const node of this.nodes.order) node.update(tick);
    const { root } = this.plan;
    const vector = this.nodes.vectors.get(root);
    if (vector !== undefined) this.table.takeVector(timeMs, vector.output);
    else this.table.takeScalar(timeMs, this.nodes.scalars.get(root)?.value ?? NaN);
    this.table.annotations = together(this.nodes.order);
    this.broken = false;
    return this.table;
  }

  explain(): string {
    const forms = new Map<PlanNode, string>(this.nodes.order.map(({ node, form }) => [node, form]));
    return explain(this.plan, (node) => (node.kind === 'number' ? undefined : forms.get(node)));
  }

  private tick(timeMs: number): LiveTick {
    const { plan, source, options } = this;
    const stepMs = options.stepMs ?? 0;
    const times = { startMs: timeMs, endMs: timeMs, stepMs };
    const kept = keptOperators(this.nodes, timeMs);
    return {
      timeMs,
      times,
      grid: { startMs: timeMs, stepMs, steps: 1 },
      options,
      text: plan.text,
      evaluation: () => new Evaluation(plan, source, times, options, kept),
    };
  }
}

/** Batch operators that take a kept result where there is one. */
function keptOperators({ vectors, scalars }: LiveNodes, timeMs: number): Operators {
  const blocks = new Map<PlanNode, Block>();
  const now = (grid: Grid): boolean => grid.steps === 1 && grid.startMs === timeMs;
  return {
    *vector(evaluation, node, grid) {
      const live = now(grid) ? vectors.get(node) : undefined;
      if (live === undefined) {
        yield* operators.vector(evaluation, node, grid);
        return;
      }
      let block = blocks.get(node);
      if (block === undefined) {
        block = live.output.toBlock();
        block.frozen = true;
        blocks.set(node, block);
      }
      if (block.rows > 0) yield block;
    },
    *scalar(evaluation, node, grid) {
      const live = now(grid) ? scalars.get(node) : undefined;
      if (live === undefined) return yield* operators.scalar(evaluation, node, grid);
      return Float64Array.of(live.value);
    },
  };
}

/** Each text once, in the order of the operators. */
function together(nodes: readonly LiveNode[]): Annotations {
  const warnings = new Set<string>();
  const infos = new Set<string>();
  for (const { annotations } of nodes) {
    for (const warning of annotations.warnings) warnings.add(warning);
    for (const info of annotations.infos) infos.add(info);
  }
  return { warnings: [...warnings], infos: [...infos] };
}
