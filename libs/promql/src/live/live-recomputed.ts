import { operators } from '../evaluate/operators.js';
import type { Annotations } from '../evaluate/result.js';
import type { PlanNode } from '../plan/nodes.js';
import {
  type LiveNode,
  type LiveScalarNode,
  type LiveTick,
  type LiveVectorNode,
  SILENT,
  NO_SERIES,
} from './live-node.js';
import { recompute } from './live-operator.js';
import { LiveVector } from './live-vector.js';

/** When a node without a form of its own is evaluated again. */
export interface Reasons {
  /** Its arguments that are kept; a change of one of them is a reason. */
  readonly inputs: readonly LiveNode[];
  /** Time alone is a reason: it reads the clock. */
  readonly moving: boolean;
}

/** A vector from the batch operator over kept arguments. */
export class RecomputedVector implements LiveVectorNode {
  readonly form = 'recomputed';
  readonly output = new LiveVector();
  annotations: Annotations = SILENT;
  readonly newestMs = -Infinity;
  readonly watched = NO_SERIES;
  readonly readsSamples = false;
  private evaluatedMs: number | undefined;

  constructor(
    readonly node: PlanNode,
    private readonly when: Reasons,
  ) {}

  get changed(): boolean {
    return this.output.changed;
  }

  update(tick: LiveTick): void {
    this.output.begin();
    if (!isDue(this.when, this.evaluatedMs, tick)) return;
    this.evaluatedMs = tick.timeMs;
    this.annotations = recompute(this, tick).annotations;
  }

  nextChangeMs(timeMs: number): number {
    return this.when.moving ? timeMs + 1 : Infinity;
  }
}

/** A scalar, likewise. */
export class RecomputedScalar implements LiveScalarNode {
  readonly form = 'recomputed';
  value = NaN;
  changed = true;
  annotations: Annotations = SILENT;
  readonly newestMs = -Infinity;
  readonly watched = NO_SERIES;
  readonly readsSamples = false;
  private evaluatedMs: number | undefined;

  constructor(
    readonly node: PlanNode,
    private readonly when: Reasons,
  ) {}

  update(tick: LiveTick): void {
    const first = this.evaluatedMs === undefined;
    this.changed = first;
    if (!isDue(this.when, this.evaluatedMs, tick)) return;
    this.evaluatedMs = tick.timeMs;
    const evaluation = tick.evaluation();
    const work = operators.scalar(evaluation, this.node, tick.grid);
    let step = work.next();
    while (step.done !== true) step = work.next();
    const [value] = step.value;
    this.annotations = evaluation.annotations.result(evaluation.plan.text);
    this.changed = first || !Object.is(value, this.value);
    this.value = value;
  }

  nextChangeMs(timeMs: number): number {
    return this.when.moving ? timeMs + 1 : Infinity;
  }
}

function isDue({ inputs, moving }: Reasons, evaluatedMs: number | undefined, tick: LiveTick): boolean {
  if (evaluatedMs === undefined || (moving && evaluatedMs !== tick.timeMs)) return true;
  return inputs.some((input) => input.changed);
}
