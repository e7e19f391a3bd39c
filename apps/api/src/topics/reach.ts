import {
  childrenOf,
  type Matcher,
  type Plan,
  type PlanNode,
  resolveDuration,
  type SelectNode,
  type Shift,
} from '@opsroom/promql';

/** What an expression reads, and how its result hangs on time. All durations and times in ms. */
export interface Reach {
  readonly selectors: readonly (readonly Matcher[])[];
  /** A sample at time s can change results from `s + leastMs` on; negative where the expression looks ahead. */
  readonly leastMs: number;
  /** … and up to `s + mostMs`. */
  readonly mostMs: number;
  /** Where an `@` ties a selector to a fixed time: a sample in one of these ranges changes every result at once. */
  readonly pinned: readonly TimeRange[];
  /**
   * What time alone does. `always`: the result may change from one moment to the next (sliding windows, offsets, `time()`, no
   * selectors at all). `lookback`: only when a series has been silent for the lookback.
   */
  readonly time: 'always' | 'lookback';
  /** Time changes the result even where there are no samples. */
  readonly moving: boolean;
}

/** Both ends inclusive, ms since 1970. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Functions whose result moves with the evaluation time although their argument does not. */
const MOVING: ReadonlySet<string> = new Set([
  'time',
  'predict_linear',
  'minute',
  'hour',
  'day_of_week',
  'day_of_month',
  'day_of_year',
  'days_in_month',
  'month',
  'year',
]);

interface Options {
  readonly lookbackMs: number;
  /** Step of the topic, for durations that are computed from it. */
  readonly stepMs: number;
}

/** Reads a plan. */
export function reachOf(plan: Plan, options: Options): Reach {
  const { least, most, pinned } = distances(plan.root, options);
  const nodes = plan.nodes.filter((node) => plan.uses[node.id] > 0);
  const selects = plan.nodes.filter((node): node is SelectNode => node.kind === 'select');
  const moving = selects.length === 0 || nodes.some((node) => node.kind === 'call' && MOVING.has(node.func));
  const sliding = plan.nodes.some(
    (node) => node.kind === 'window' || node.kind === 'subquery' || (node.kind === 'select' && node.shift.offset !== 0),
  );
  return {
    selectors: selects.map((node) => node.matchers),
    leastMs: Number.isFinite(least) ? least : 0,
    mostMs: Math.max(most, 0),
    pinned,
    time: moving || sliding ? 'always' : 'lookback',
    moving,
  };
}

/** Why an expression can be a query but not a topic; undefined when it can be both. */
export function unfitForTopic(plan: Plan): string | undefined {
  if (plan.root.type !== 'vector' && plan.root.type !== 'scalar') {
    return `a topic shows an instant vector or a scalar; this expression gives a ${plan.root.type}`;
  }
  const bound = plan.nodes.some(
    (node) =>
      ((node.kind === 'select' || node.kind === 'subquery') &&
        (node.shift.at?.kind === 'start' || node.shift.at?.kind === 'end')) ||
      (node.kind === 'call' && (node.func === 'start' || node.func === 'end' || node.func === 'range')),
  );
  return bound ? 'start(), end() and range() mean the range of one query; a topic has no end' : undefined;
}

interface Distances {
  readonly least: number;
  readonly most: number;
  readonly pinned: readonly TimeRange[];
}

/** Smallest and largest distance from a sample's time to the times of the results that it takes part in. */
function distances(node: PlanNode, options: Options): Distances {
  switch (node.kind) {
    case 'select':
      return shifted({ least: 0, most: options.lookbackMs, pinned: [] }, node.shift, options);
    case 'window': {
      const most = resolveDuration(node.window, timesOf(options));
      return shifted({ least: 0, most, pinned: [] }, node.select.shift, options);
    }
    case 'subquery': {
      const { least, most, pinned } = distances(node.expr, options);
      const window = resolveDuration(node.window, timesOf(options));
      return shifted({ least, most: most + window, pinned }, node.shift, options);
    }
    default: {
      const parts = childrenOf(node).map((child) => distances(child, options));
      return {
        least: Math.min(Infinity, ...parts.map((part) => part.least)),
        most: Math.max(-Infinity, ...parts.map((part) => part.most)),
        pinned: parts.flatMap((part) => part.pinned),
      };
    }
  }
}

function shifted({ least, most, pinned }: Distances, shift: Shift, options: Options): Distances {
  const offset = resolveDuration(shift.offset, timesOf(options));
  if (shift.at?.kind !== 'time') return { least: least + offset, most: most + offset, pinned };
  const range = { fromMs: shift.at.timeMs - offset - most, toMs: shift.at.timeMs - offset - least };
  return { least: Infinity, most: -Infinity, pinned: [...pinned, range] };
}

const timesOf = ({ stepMs }: Options) => ({ startMs: 0, endMs: 0, stepMs });
