import { PromqlLimitError } from '../errors.js';
import { Labels } from '../model/labels.js';
import type { Queryable } from '../model/queryable.js';
import { createPlan } from '../plan/plan.js';
import { parseExpr } from '../syntax/parse.js';
import { evaluateInstant, evaluateRange, evaluateRangeSliced } from './evaluate.js';
import { defaultQueryOptions, type QueryLimits } from './options.js';

const MINUTE = 60_000;

/** So many series with a sample a minute over an hour. */
function manySeries(count: number): Queryable {
  const timestamps = Float64Array.from({ length: 61 }, (_, i) => i * MINUTE);
  const series = Array.from({ length: count }, (_, ref) => ({
    ref,
    labels: Labels.from({ __name__: 'x_total', i: String(ref) }),
    timestamps,
    values: timestamps.map((_, i) => i * ref),
    from: 0,
    to: timestamps.length,
  }));
  return { select: () => series };
}

const plan = (text: string) => createPlan(parseExpr(text), { text });
const hour = { startMs: 0, endMs: 60 * MINUTE, stepMs: MINUTE };
const limited = (limits: Partial<QueryLimits>) => ({
  ...defaultQueryOptions,
  limits: { ...defaultQueryOptions.limits, ...limits },
});
const limitOf = (run: () => unknown): string | undefined => {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof PromqlLimitError) return error.limit;
    throw error;
  }
};

describe('evaluateRange', () => {
  it('gives one column a series over all steps, ordered by labels', () => {
    const result = evaluateRange(plan('x_total{i=~"1|2"} * 2'), manySeries(3), hour, defaultQueryOptions);
    if (result.type !== 'vector') throw new Error(result.type);
    expect(result.steps).toBe(61);
    expect(result.series.map(({ labels }) => labels.get('i'))).toEqual(['0', '1', '2']);
    expect([...result.series[2].values.slice(0, 3)]).toEqual([0, 4, 8]);
  });

  it('names line and column of what it warns of', () => {
    const text = 'sum(\n  quantile(2, x_total))';
    const { annotations } = evaluateRange(
      createPlan(parseExpr(text), { text }),
      manySeries(1),
      hour,
      defaultQueryOptions,
    );
    expect(annotations.warnings).toEqual(['PromQL warning: quantile value should be between 0 and 1, got 2 (2:12)']);
  });

  it.each([
    ['samples', 'x_total', { maxSamples: 100 }],
    ['series', 'x_total', { maxSeries: 9 }],
    ['points', 'x_total', { maxPointsPerSeries: 60 }],
  ] as const)('refuses more %s than its limit', (limit, text, limits) => {
    expect(limitOf(() => evaluateRange(plan(text), manySeries(10), hour, limited(limits)))).toBe(limit);
  });

  it('does not count samples that stream through an aggregation as held', () => {
    const options = limited({ maxSamples: 1000 });
    expect(limitOf(() => evaluateRange(plan('sum(rate(x_total[5m]))'), manySeries(1000), hour, options))).toBe(
      undefined,
    );
  });

  it('counts each sample of each window', () => {
    const { samples } = evaluateRange(plan('count_over_time(x_total[2m])'), manySeries(1), hour, defaultQueryOptions);
    expect(samples.total).toBe(121);
  });

  it('refuses ranges and strings', () => {
    expect(() => evaluateRange(plan('x_total[5m]'), manySeries(1), hour, defaultQueryOptions)).toThrow(
      'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    );
  });
});

describe('a sliced evaluation', () => {
  it('pauses and comes to the same result', () => {
    const queryable = manySeries(5000);
    const query = plan('sum by (i) (avg_over_time(x_total[10m])) > 100');
    const slices = evaluateRangeSliced(query, queryable, hour, defaultQueryOptions);
    let pauses = 0;
    let step = slices.next();
    for (; step.done !== true; step = slices.next()) pauses++;
    expect(pauses).toBeGreaterThan(1);
    expect(step.value).toEqual(evaluateRange(query, queryable, hour, defaultQueryOptions));
  });

  it('pauses by the clock where there is one, and stops at its time limit', () => {
    let nowMs = 0;
    const options = { ...limited({ timeoutMs: 50 }), elapsedMs: () => nowMs++ };
    const slices = evaluateRangeSliced(plan('x_total'), manySeries(5000), hour, options);
    expect(slices.next().done).toBe(false);
    nowMs += 100;
    expect(limitOf(() => slices.next())).toBe('time');
  });

  it('ends when it is cancelled', () => {
    const controller = new AbortController();
    const options = { ...defaultQueryOptions, signal: controller.signal };
    const slices = evaluateRangeSliced(plan('sum(x_total)'), manySeries(20_000), hour, options);
    slices.next();
    controller.abort();
    expect(limitOf(() => slices.next())).toBe('cancelled');
  });
});

describe('evaluateInstant', () => {
  it('keeps the order that a sort has made', () => {
    const result = evaluateInstant(plan('sort_desc(x_total)'), manySeries(3), MINUTE, defaultQueryOptions);
    if (result.type !== 'vector') throw new Error(result.type);
    expect(result.series.map(({ values }) => values[0])).toEqual([2, 1, 0]);
  });

  it('removes names at once where their removal is not delayed', () => {
    const result = evaluateInstant(plan('sum by (__name__) (-x_total)'), manySeries(2), MINUTE, defaultQueryOptions);
    if (result.type !== 'vector') throw new Error(result.type);
    expect(result.series.map(({ labels }) => labels.toObject())).toEqual([{}]);
  });
});
