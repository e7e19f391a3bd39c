import {
  createLiveQuery,
  evaluateRange,
  type EvaluationResult,
  Labels,
  type LiveQuery,
  type LiveSource,
  type Plan,
  type QueryOptions,
} from '@opsroom/promql';
import type { Evaluated, EvaluatedRow, TopicCommit, TopicEvaluator } from './evaluator.js';

const LEFT_OUT = 'native histograms have no single value and are left out';

/** Evaluates new columns incrementally and past ones from the store; the second is the reference for the first. */
export class LiveEvaluator implements TopicEvaluator {
  private readonly query: LiveQuery;

  constructor(
    private readonly plan: Plan,
    private readonly source: LiveSource,
    private readonly stepMs: number,
    private readonly options: QueryOptions,
  ) {
    this.query = createLiveQuery(plan, source, { ...options, stepMs });
  }

  range(startMs: number, endMs: number): Evaluated {
    return evaluatedOf(evaluateRange(this.plan, this.source, { startMs, endMs, stepMs: this.stepMs }, this.options));
  }

  at(timeMs: number): EvaluatedRow {
    const { epoch, labels, values, present, histograms, annotations } = this.query.evaluateAt(timeMs);
    const texts = [...annotations.warnings, ...annotations.infos];
    if (histograms?.some((histogram) => histogram !== undefined)) texts.push(LEFT_OUT);
    return { epoch, labels, values, present, annotations: texts };
  }

  commit(commit: TopicCommit): void {
    if (commit.deleted) this.query.invalidate();
    this.query.onCommit(commit);
  }
}

/** A result as a topic shows it: series without histograms, a scalar as one series without labels. */
function evaluatedOf(result: EvaluationResult): Evaluated {
  const annotations = [...result.annotations.warnings, ...result.annotations.infos];
  if (result.type === 'scalar') {
    const present = new Uint8Array(result.values.length).fill(1);
    return { series: [{ labels: Labels.empty, values: result.values, present }], annotations };
  }
  if (result.type !== 'vector') throw new TypeError(`a topic cannot show a ${result.type}`);
  if (result.series.some(({ histograms }) => histograms !== undefined)) annotations.push(LEFT_OUT);
  const series = result.series.map(({ labels, values, present, histograms }) => ({
    labels,
    values,
    present: histograms === undefined ? present : present.map((there, i) => (histograms[i] === undefined ? there : 0)),
  }));
  return { series, annotations };
}
