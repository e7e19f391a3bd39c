import {
  CommitIndex,
  createLiveQuery,
  createPlan,
  defaultQueryOptions,
  evaluateInstant,
  Labels,
  type FloatHistogram,
  type LiveQuery,
  type LiveResult,
  parseExpr,
  type Plan,
  type QueryOptions,
} from '@opsroom/promql';
import fc from 'fast-check';
import { MemorySource, type NewSample } from './memory-source.fixture.js';

const options: QueryOptions = { ...defaultQueryOptions, lookbackMs: 20_000, experimental: true };

/** Expressions of every form: incremental, recomputed, batch, and those that go from one to the other. */
const EXPRESSIONS = [
  'g',
  'g{job="a"}',
  'g offset 7s',
  'g offset -5s',
  'g @ 1030',
  '{__name__=~"g|c_total"}',
  '-g',
  'abs(g)',
  'ceil(g / 3)',
  'g > 2',
  'g > bool 2',
  '2 < g',
  'g * time()',
  'g + scalar(g{job="a",i="0"})',
  'rate(c_total[10s])',
  'increase(c_total[15s] offset 3s)',
  'rate(g[10s])',
  'irate(c_total[10s])',
  'delta(g[10s])',
  'deriv(g[12s])',
  'predict_linear(g[12s], 30)',
  'resets(c_total[20s])',
  'changes(g[20s])',
  'sum_over_time(g[9s])',
  'avg_over_time(g[9s])',
  'max_over_time(g[9s])',
  'min_over_time(g[9s] @ 1040)',
  'count_over_time(g[9s])',
  'last_over_time(g[9s])',
  'stddev_over_time(g[9s])',
  'quantile_over_time(0.7, g[9s])',
  'quantile_over_time(scalar(g{job="b",i="1"}), g[9s])',
  'present_over_time({job="a"}[9s])',
  'rate({__name__=~"g|c_total"}[10s])',
  'absent(g{job="a"})',
  'absent_over_time(g{job="a"}[5s])',
  'sum(g)',
  'sum by (job) (g)',
  'avg by (i) (g)',
  'sum(sum by (i) (g))',
  'avg without (i) (g > 1)',
  'stddev by (job) (g)',
  'stdvar(g)',
  'count by (job) (g)',
  'group by (i) (g)',
  'min by (job) (g)',
  'max(g)',
  'sum by (job) (rate(c_total[10s]))',
  'avg(sum by (i) (g > 1))',
  'topk(2, g)',
  'bottomk by (job) (1, g)',
  'quantile(0.5, g)',
  'count_values("v", g)',
  'limitk(2, g)',
  'sort_desc(g)',
  'sort(sum by (i) (g))',
  'g + g',
  'g / on (job, i) c_total',
  'g - ignoring (i) group_left sum without (i) (g)',
  'sum without (i) (g) * ignoring (i) group_right g',
  'g > on (job, i) c_total',
  'g == bool on (job, i) g offset 3s',
  'g / on (job) g',
  'g + on (job) group_left sum by (job) (c_total)',
  'g + on (job, i) fill (0) c_total',
  'g and c_total',
  'g and on (job) (c_total > 5)',
  'g unless on (i) g{job="a"}',
  'g{job="a"} or g',
  'g or c_total',
  'sum by (job) (g) or on (job) sum by (job) (c_total)',
  'label_replace(g, "x", "$1", "i", "(.*)")',
  'label_replace(g, "i", "", "i", ".*")',
  'max_over_time(sum(g)[10s:2s])',
  'rate(c_total[5s:1s])',
  'sum(rate(c_total[10s])) / sum(rate(c_total[20s]))',
  'histogram_quantile(0.9, sum by (le) (rate(h_bucket[15s])))',
  'timestamp(g)',
  'time() - timestamp(g)',
  'hour()',
  'minute(g)',
  'vector(time())',
  'time()',
  'scalar(sum(g)) + 1',
  'vector(1) + on () sum(g)',
  'clamp_max(g, 3)',
  'round(g, 0.5)',
  'sgn(g) * 2 ^ g',
  'g atan2 2',
  '(g > 1) or (g < 1)',
  'count(g > 1) or vector(0)',
  'sum(g) by (job) / ignoring (job) group_left count(g)',
  // Native histograms, some of them among floats.
  'n',
  'sum(n)',
  'sum by (job) (n)',
  'rate(n[10s])',
  'avg_over_time(n[9s])',
  'n + on (job, i) n',
  'n * 2',
  'n > 1',
  '-n',
  'histogram_count(n)',
  'sum(rate(n[10s]))',
  'n or g',
  'n and on (job, i) g',
  'topk(1, n)',
  'count(n)',
  'count(n) / count(g)',
];

const plans = EXPRESSIONS.map((text) => ({
  text,
  plan: createPlan(parseExpr(text, { experimental: true }), { text }),
}));

/** Every series that may come to be. */
const SERIES: readonly Labels[] = [
  ...['a', 'b', 'c'].flatMap((job) => ['0', '1'].flatMap((i) => ['g', 'c_total'].map((n) => series(n, { job, i })))),
  ...['a', 'b'].map((job) => series('n', { job, i: '0' })),
  ...['0.1', '1', '+Inf'].flatMap((le) => ['a', 'b'].map((job) => series('h_bucket', { job, le }))),
];

function series(name: string, labels: Record<string, string>): Labels {
  return Labels.from({ __name__: name, ...labels });
}

/** A native histogram with two buckets. */
const histogram: fc.Arbitrary<FloatHistogram> = fc
  .record({ a: fc.nat(5), b: fc.nat(5), hint: fc.constantFrom('unknown' as const, 'gauge' as const) })
  .map(({ a, b, hint }) => ({
    schema: 0,
    zeroThreshold: 0.001,
    zeroCount: 0,
    count: a + b,
    sum: a + 2 * b,
    positiveSpans: [{ offset: 0, length: 2 }],
    negativeSpans: [],
    positiveBuckets: [a, b],
    negativeBuckets: [],
    counterResetHint: hint,
  }));

const value = fc.oneof(
  { weight: 12, arbitrary: fc.double({ min: -5, max: 1e3, noNaN: true }) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, -0, 1e300, 1e-300, 0.1, 0.2, 0.3) },
  { weight: 2, arbitrary: fc.constant('stale' as const) },
);

/** What happens at one tick: time goes on (or back), samples come at some distance from it. */
interface Tick {
  readonly stepMs: number;
  readonly samples: readonly {
    readonly series: number;
    readonly lagMs: number;
    readonly value: number | 'stale';
    readonly histogram: FloatHistogram;
  }[];
}

const tick: fc.Arbitrary<Tick> = fc.record({
  stepMs: fc.oneof(
    { weight: 10, arbitrary: fc.constantFrom(1000, 1000, 500, 50) },
    { weight: 2, arbitrary: fc.constantFrom(0, 4000, 15_000) },
    { weight: 1, arbitrary: fc.constantFrom(-3000, 40_000) },
  ),
  samples: fc.array(
    fc.record({
      series: fc.nat(SERIES.length - 1),
      lagMs: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 0, max: 900 }) },
        { weight: 1, arbitrary: fc.integer({ min: -4000, max: 12_000 }) },
      ),
      value,
      histogram,
    }),
    { maxLength: 12 },
  ),
});

interface Outcome {
  readonly error?: string;
  /** Whether it rests on any sample; false for an error. */
  readonly reads: boolean;
  readonly order: readonly string[];
  readonly values: ReadonlyMap<string, Sample>;
}

/** Histograms are compared as text. */
type Sample = number | string;

function batch(plan: Plan, source: MemorySource, timeMs: number, given: QueryOptions): Outcome {
  try {
    const result = evaluateInstant(plan, source, timeMs, given);
    const reads = result.samples.total > 0;
    if (result.type === 'scalar') return { reads, order: [''], values: new Map([['', result.values[0]]]) };
    if (result.type !== 'vector') throw new TypeError('not an instant vector');
    const present = result.series.filter((one) => one.present[0] !== 0);
    return {
      reads,
      order: present.map(({ labels }) => labels.key),
      values: new Map(present.map((one) => [one.labels.key, sampleOf(one.values[0], one.histograms?.[0])])),
    };
  } catch (error) {
    return { error: (error as Error).message, reads: false, order: [], values: new Map() };
  }
}

function sampleOf(float: number, native: FloatHistogram | undefined): Sample {
  return native === undefined ? float : JSON.stringify(native);
}

/** A client that sees nothing but what is said to have changed. */
class Follower {
  readonly values = new Map<number, Sample>();
  private epoch = 0;

  follow(result: LiveResult): void {
    if (result.epoch !== this.epoch) {
      this.epoch = result.epoch;
      this.values.clear();
    }
    for (const index of result.changed) {
      if (result.present[index] === 0) this.values.delete(index);
      else this.values.set(index, sampleAt(result, index));
    }
  }
}

function sampleAt(result: LiveResult, index: number): Sample {
  return sampleOf(result.values[index], result.present[index] === 2 ? result.histograms?.[index] : undefined);
}

function live(query: LiveQuery, follower: Follower, timeMs: number): Outcome {
  try {
    const result = query.evaluateAt(timeMs);
    follower.follow(result);
    const shown = [...follower.values].sort(([a], [b]) => a - b);
    const held = result.labels.flatMap((_, i) => (result.present[i] === 0 ? [] : [[i, sampleAt(result, i)] as const]));
    expect(shown).toEqual(held);
    return {
      reads: query.readsSamples,
      order: result.order().map((index) => result.labels[index].key),
      values: new Map(held.map(([index, sample]) => [result.labels[index].key, sample])),
    };
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('Promql')) {
      return { error: error.message, reads: false, order: [], values: new Map() };
    }
    throw error;
  }
}

function same(a: Outcome, b: Outcome): boolean {
  if (a.error !== b.error || a.reads !== b.reads || a.order.length !== b.order.length) return false;
  if (a.order.some((key, i) => key !== b.order[i])) return false;
  return [...a.values].every(([key, sample]) => Object.is(sample, b.values.get(key)));
}

function run(ticks: readonly Tick[], direct: boolean, given: QueryOptions, only: typeof plans): void {
  const source = new MemorySource(direct);
  const queries = only.map(({ text, plan }) => ({
    text,
    plan,
    query: createLiveQuery(plan, source, given),
    follower: new Follower(),
    touched: false,
    lastMs: undefined as number | undefined,
    last: undefined as Outcome | undefined,
  }));
  const index = new CommitIndex();
  let nowMs = 1_000_000;
  ticks.forEach(({ stepMs, samples }, step) => {
    nowMs += stepMs;
    const commit = source.append(
      samples.map((one): NewSample => {
        const labels = SERIES[one.series];
        // Of the metric n three samples in four are histograms.
        const native = labels.metricName === 'n' && one.lagMs % 4 !== 0 && one.value !== 'stale';
        return { labels, timestampMs: nowMs - one.lagMs, value: native ? one.histogram : one.value };
      }),
    );
    for (const entry of queries) {
      entry.touched = entry.query.onCommit(step % 3 === 0 ? commit : index.load(commit)) || entry.touched;
      const expected = batch(entry.plan, source, nowMs, given);
      const { lastMs, last } = entry;
      if (lastMs !== undefined && last !== undefined && lastMs <= nowMs && last.error === undefined) {
        if (!entry.touched && (lastMs === nowMs || !entry.query.needsBeat(lastMs, nowMs))) {
          if (!same(last, expected)) throw new Error(`${entry.text} changed at tick ${step} without a reason`);
        }
      }
      // Some queries miss some evaluations, and have to catch up.
      if ((step + entry.text.length) % 5 === 0) continue;
      const actual = live(entry.query, entry.follower, nowMs);
      if (!same(actual, expected)) {
        expect({ text: entry.text, step, ...shown(actual) }).toEqual({ text: entry.text, step, ...shown(expected) });
        throw new Error(`${entry.text} differs at tick ${step}`);
      }
      entry.touched = false;
      entry.lastMs = nowMs;
      entry.last = actual;
    }
  });
}

function shown({ error, order, values }: Outcome): Record<string, unknown> {
  return {
    error,
    order,
    values: [...values].map(([key, sample]) => `${key} ${Object.is(sample, -0) ? '-0' : sample}`).sort(),
  };
}

describe('a live query', () => {
  const ticks = fc.array(tick, { minLength: 5, maxLength: 40, size: 'max' });
  const some = fc.shuffledSubarray(plans, { minLength: 10, maxLength: 10 });

  it('equals the batch evaluator bit for bit, whatever comes when', () => {
    fc.assert(
      fc.property(ticks, some, (all, chosen) => run(all, true, options, chosen)),
      { numRuns: 60 },
    );
  });

  it('does so over a source that reads series only together', () => {
    fc.assert(
      fc.property(ticks, some, (all, chosen) => run(all, false, options, chosen)),
      { numRuns: 15 },
    );
  });

  it('does so with names removed at the end', () => {
    fc.assert(
      fc.property(ticks, some, (all, chosen) => run(all, true, { ...options, delayedNameRemoval: true }, chosen)),
      { numRuns: 15 },
    );
  });
});
