import {
  evaluateRange,
  type EvaluationResult,
  Labels,
  type Plan,
  type Queryable,
  type QueryOptions,
} from '@opsroom/promql';
import type { Evaluated, TopicEvaluator } from './evaluator.js';

/** Evaluates every time from the store alone: the reference, and what is used where nothing can be kept between two times. */
export class BatchEvaluator implements TopicEvaluator {
  constructor(
    private readonly plan: Plan,
    private readonly store: Queryable,
    private readonly stepMs: number,
    private readonly options: QueryOptions,
  ) {}

  range(startMs: number, endMs: number): Evaluated {
    return evaluatedOf(evaluateRange(this.plan, this.store, { startMs, endMs, stepMs: this.stepMs }, this.options));
  }

  at(timeMs: number): Evaluated {
    return this.range(timeMs, timeMs);
  }

  late(): void {
    // There is no state that could be out of date.
  }

  close(): void {
    // There is no state to let go.
  }
}

/** A result as a topic shows it: series without histograms, a scalar as one series without labels. */
export function evaluatedOf(result: EvaluationResult): Evaluated {
  const annotations = [...result.annotations.warnings, ...result.annotations.infos];
  if (result.type === 'scalar') {
    const present = new Uint8Array(result.values.length).fill(1);
    return { series: [{ labels: Labels.empty, values: result.values, present }], annotations };
  }
  if (result.type !== 'vector') throw new TypeError(`a topic cannot show a ${result.type}`);
  const plain = result.series.filter(({ histograms }) => histograms === undefined || !histograms.every(Boolean));
  if (plain.length < result.series.length) annotations.push('native histograms have no single value and are left out');
  return {
    series: plain.map(({ labels, values, present, histograms }) => ({
      labels,
      values,
      present: floats(present, histograms),
    })),
    annotations,
  };
}

function floats(present: Uint8Array, histograms: readonly unknown[] | undefined): Uint8Array {
  return histograms === undefined ? present : present.map((there, i) => (histograms[i] === undefined ? there : 0));
}
