import { defaultQueryOptions } from '../evaluate/options.js';
import { Labels } from '../model/labels.js';
import { createPlan } from '../plan/plan.js';
import { parseExpr } from '../syntax/parse.js';
import { createLiveQuery, type LiveQuery } from './live-query.js';
import type { LiveResult } from './live-result.js';
import { firstAfterNear } from './nearby.js';
import { RowIndex } from './row-index.js';
import type { LiveCommit, LiveSource } from './source.js';

const options = { ...defaultQueryOptions, lookbackMs: 10_000, experimental: true };

/** Series with a few samples, read through `select` alone. */
class Samples implements LiveSource {
  readonly series: { labels: Labels; timestamps: number[]; values: number[] }[] = [];

  put(name: string, set: Record<string, string>, timestampMs: number, value: number): LiveCommit {
    const labels = Labels.from({ __name__: name, ...set });
    let ref = this.series.findIndex((one) => one.labels.key === labels.key);
    const created = ref < 0 ? [this.series.length] : [];
    if (ref < 0) ref = this.series.push({ labels, timestamps: [], values: [] }) - 1;
    this.series[ref].timestamps.push(timestampMs);
    this.series[ref].values.push(value);
    return { refs: [ref], timestamps: Float64Array.of(timestampMs), count: 1, created };
  }

  refs: LiveSource['refs'] = (matchers) =>
    this.series.flatMap(({ labels }, ref) => (matchers.every((m) => m.matches(labels.get(m.name))) ? [ref] : []));

  labelsOf(ref: number): Labels | undefined {
    return this.series[ref]?.labels;
  }

  select: LiveSource['select'] = (matchers) =>
    Array.from(this.refs(matchers), (ref) => ({
      ref,
      labels: this.series[ref].labels,
      timestamps: Float64Array.from(this.series[ref].timestamps),
      values: Float64Array.from(this.series[ref].values),
      from: 0,
      to: this.series[ref].timestamps.length,
    }));
}

function start(text: string, limits = {}): { source: Samples; query: LiveQuery } {
  const source = new Samples();
  const plan = createPlan(parseExpr(text, { experimental: true }), { text });
  return { source, query: createLiveQuery(plan, source, { ...options, limits: { ...options.limits, ...limits } }) };
}

const shown = (result: LiveResult): Record<string, number> =>
  Object.fromEntries(
    result.labels.flatMap((labels, i) => (result.present[i] === 0 ? [] : [[labels.get('i') || '-', result.values[i]]])),
  );

describe('a live query', () => {
  it('tells new and changed series apart, and keeps the index of each', () => {
    const { source, query } = start('x * 2');
    query.onCommit(source.put('x', { i: 'a' }, 1000, 1));
    expect(query.evaluateAt(1000)).toMatchObject({ added: [0], changed: [0] });
    query.onCommit(source.put('x', { i: 'b' }, 2000, 5));
    expect(query.evaluateAt(2000)).toMatchObject({ added: [1], changed: [1], epoch: 0 });
    query.onCommit(source.put('x', { i: 'a' }, 3000, 1));
    expect(query.evaluateAt(3000)).toMatchObject({ added: [], changed: [] });
    query.onCommit(source.put('x', { i: 'a' }, 4000, 3));
    const result = query.evaluateAt(4000);
    expect(result.changed).toEqual([0]);
    expect(shown(result)).toEqual({ a: 6, b: 10 });
    expect(query.newestSampleMs).toBe(4000);
  });

  it('says whether a commit concerns it', () => {
    const { source, query } = start('sum(x{i=~"a|b"})');
    query.evaluateAt(0);
    expect(query.onCommit(source.put('y', { i: 'a' }, 1000, 1))).toBe(false);
    expect(query.onCommit(source.put('x', { i: 'c' }, 1000, 1))).toBe(false);
    expect(query.onCommit(source.put('x', { i: 'a' }, 1000, 1))).toBe(true);
    query.evaluateAt(1000);
    expect(query.onCommit(source.put('x', { i: 'c' }, 2000, 1))).toBe(false);
    expect(query.onCommit(source.put('x', { i: 'a' }, 2000, 1))).toBe(true);
  });

  it.each([
    ['x', 5000, 10_999, false],
    ['x', 5000, 11_000, true],
    ['x offset 5s', 6000, 15_999, false],
    ['x offset 5s', 6000, 16_000, true],
    ['x @ 1', 5000, 1e9, false],
    ['sum(x) + 1', 5000, 10_999, false],
    ['rate(x[5s])', 2000, 2001, true],
    ['max_over_time(x[5s])', 2000, 5999, false],
    ['max_over_time(x[5s])', 2000, 6000, true],
    ['max_over_time(x[5s:1s])', 2000, 2001, true],
    ['x + time()', 2000, 2001, true],
    ['hour()', 2000, 2001, true],
    ['timestamp(x)', 2000, 2001, true],
    ['vector(1)', 2000, 1e9, false],
  ])('knows when time alone can change %s from %d to %d', (text, fromMs, toMs, expected) => {
    const { source, query } = start(text);
    query.onCommit(source.put('x', {}, 1000, 1));
    query.evaluateAt(fromMs);
    expect(query.needsBeat(fromMs, toMs)).toBe(expected);
  });

  it('goes on after an evaluation that failed', () => {
    const { source, query } = start('x + on (i) y');
    for (const [name, set] of [
      ['x', { i: 'a' }],
      ['y', { i: 'a', z: '1' }],
    ] as const) {
      query.onCommit(source.put(name, set, 1000, 1));
    }
    expect(shown(query.evaluateAt(1000))).toEqual({ a: 2 });
    query.onCommit(source.put('y', { i: 'a', z: '2' }, 2000, 1));
    expect(() => query.evaluateAt(2000)).toThrow('many-to-many matching not allowed');
    query.onCommit(source.put('x', { i: 'a' }, 12_000, 5));
    query.onCommit(source.put('y', { i: 'a', z: '2' }, 12_000, 7));
    expect(shown(query.evaluateAt(12_000))).toEqual({ a: 12 });
  });

  it('refuses more series than its limit', () => {
    const { source, query } = start('x', { maxSeries: 1 });
    query.onCommit(source.put('x', { i: 'a' }, 1000, 1));
    query.evaluateAt(1000);
    query.onCommit(source.put('x', { i: 'b' }, 1000, 1));
    expect(() => query.evaluateAt(1000)).toThrow('the query returns 2 series; the limit is 1');
  });

  it('refuses to look at more samples than its limit in one evaluation', () => {
    const { source, query } = start('sum_over_time(x[10s])', { maxSamples: 3 });
    for (const timeMs of [1000, 2000, 3000]) query.onCommit(source.put('x', {}, timeMs, 1));
    expect(shown(query.evaluateAt(3000))).toEqual({ '-': 3 });
    query.onCommit(source.put('x', {}, 4000, 1));
    expect(() => query.evaluateAt(4000)).toThrow('too many samples');
    expect(shown(query.evaluateAt(13_000))).toEqual({ '-': 1 });
  });

  it('gives new indexes when most series are gone', () => {
    const { source, query } = start('count_values by (i) ("v", x)');
    for (let i = 0; i < 200; i++) {
      query.onCommit(source.put('x', { i: 'a' }, i * 1000, i));
      const { labels, order } = query.evaluateAt(i * 1000);
      expect(order.call(query.evaluateAt(i * 1000))).toHaveLength(1);
      expect(labels.length).toBeLessThan(100);
    }
    expect(query.evaluateAt(199_000).epoch).toBeGreaterThan(0);
  });

  it('keeps the order that sort gives', () => {
    const { source, query } = start('sort_desc(x)');
    for (const [i, value] of [
      ['a', 1],
      ['b', 3],
      ['c', 2],
    ] as const) {
      query.onCommit(source.put('x', { i }, 1000, value));
    }
    const order = (): string[] => {
      const result = query.evaluateAt(1000);
      return result.order().map((index) => result.labels[index].get('i'));
    };
    expect(order()).toEqual(['b', 'c', 'a']);
    query.onCommit(source.put('x', { i: 'd' }, 1000, 9));
    expect(order()).toEqual(['d', 'b', 'c', 'a']);
  });

  it('passes on what its operators have to say', () => {
    const { source, query } = start('rate(x[5s])');
    query.onCommit(source.put('x', {}, 1000, 1));
    query.onCommit(source.put('x', {}, 2000, 2));
    expect(query.evaluateAt(2000).annotations.infos).toEqual([
      'PromQL info: metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "x" (1:6)',
    ]);
    expect(query.evaluateAt(2500).annotations.infos).toHaveLength(1);
    expect(query.evaluateAt(20_000).annotations.infos).toEqual([]);
  });

  it('reads everything again when it is told that something else has changed', () => {
    const { source, query } = start('x');
    query.onCommit(source.put('x', { i: 'a' }, 1000, 1));
    query.evaluateAt(1000);
    source.series[0].values[0] = 7;
    query.invalidate();
    expect(shown(query.evaluateAt(1000))).toEqual({ a: 7 });
  });

  it('explains how each operator takes new samples', () => {
    const { query } = start('topk(3, sum by (i) (rate(x[5m]))) + on (i) max_over_time(x[1h:1m])');
    const forms = query.explain().match(/(incremental|recomputed|batch)$/gm);
    expect(forms).toEqual(['incremental', 'recomputed', 'incremental', 'incremental', 'batch']);
  });

  it('is no range vector', () => {
    expect(() => start('x[5m]')).toThrow('a live query gives an instant vector or a scalar');
  });
});

describe('finding rows and windows', () => {
  it.each([[[5, 6, 9]], [[1, 2_000_000_000]], [[]]])('finds the rows of references %j', (refs) => {
    const index = new RowIndex(refs);
    refs.forEach((ref, row) => expect(index.rowOf(ref)).toBe(row));
    for (const other of [0, 7, 1000, 3_000_000_000]) expect(index.rowOf(other)).toBe(-1);
  });

  it('finds a time wherever it starts to look', () => {
    const times = Float64Array.from({ length: 20 }, (_, i) => i * 10);
    for (let from = 0; from < 20; from += 3) {
      for (let guess = -3; guess < 25; guess++) {
        for (let timeMs = -5; timeMs < 205; timeMs += 5) {
          let expected = from;
          while (expected < 20 && times[expected] <= timeMs) expected++;
          expect(firstAfterNear(times, from, 20, timeMs, guess)).toBe(expected);
        }
      }
    }
  });
});
