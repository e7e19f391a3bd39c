import { Injectable } from '@nestjs/common';
import { canonicalExpr, createPlan, parseExpr, type QueryOptions } from '@opsroom/promql';
import { OpsroomConfig } from '../config/config.js';
import { Clock } from '../model/clock.js';
import { Refusal } from '../model/refusal.js';
import { Store } from '../storage/store.js';
import type { TopicEvaluator } from './evaluator.js';
import { LiveEvaluator } from './live-evaluator.js';
import { type Reach, reachOf, unfitForTopic } from './reach.js';

/** One piece of a topic's evaluation must not take longer than this, in ms; a query may take much longer. */
const TIMEOUT_MS = 5_000;
/** Samples that one piece may touch. */
const MAX_SAMPLES = 5_000_000;

/** Texts whose canonical form is remembered: a page that comes back asks with the same ones. */
const MAX_TEXTS = 2_000;

/** In: the text of an expression. Out: its canonical form, its evaluator over the store and its reach. Owns: the latest texts. */
@Injectable()
export class TopicCompiler {
  private readonly texts = new Map<string, string>();

  constructor(
    private readonly config: OpsroomConfig,
    private readonly clock: Clock,
    private readonly store: Store,
  ) {}

  /** Throws PromqlSyntaxError. */
  canonical(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    const canonical = canonicalExpr(this.parse(text));
    if (this.texts.size >= MAX_TEXTS) this.texts.clear();
    this.texts.set(text, canonical);
    return canonical;
  }

  /** Throws PromqlSyntaxError, or a Refusal for an expression that cannot be a topic. */
  compile(text: string, stepMs: number): { readonly evaluator: TopicEvaluator; readonly reach: Reach } {
    const plan = createPlan(this.parse(text), { text });
    const unfit = unfitForTopic(plan);
    if (unfit !== undefined) throw new Refusal('bad_expression', unfit, { position: { start: 0, end: text.length } });
    const options = this.options();
    return {
      evaluator: new LiveEvaluator(plan, this.store, stepMs, options),
      reach: reachOf(plan, { lookbackMs: options.lookbackMs, stepMs }),
    };
  }

  private parse(text: string) {
    return parseExpr(text, { experimental: this.config.query.experimentalFunctions });
  }

  private options(): QueryOptions {
    const { query, topics } = this.config;
    return {
      lookbackMs: query.lookbackMs,
      defaultSubqueryStepMs: 60_000,
      experimental: query.experimentalFunctions,
      delayedNameRemoval: query.delayedNameRemoval,
      typeAndUnitLabels: query.typeAndUnitLabels,
      limits: {
        maxSamples: Math.min(query.maxSamples, MAX_SAMPLES),
        // One more than a topic shows, so that the topic's own message is given.
        maxSeries: topics.maxSeriesPerTopic + 1,
        maxPointsPerSeries: 11_000,
        timeoutMs: Math.min(query.timeoutMs, TIMEOUT_MS),
      },
      elapsedMs: () => this.clock.monotonicMs(),
    };
  }
}
