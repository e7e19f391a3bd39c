import { defaultQueryOptions, Labels, parseExpr, printHistogram, PromqlSyntaxError } from '@opsroom/promql';
import { printDuration } from '../../config/quantities.js';
import { freshState, type RuleState, type RunContext, runRule } from '../evaluation/group-state.js';
import { QueryableQuery } from '../evaluation/queryable-query.js';
import { atOnce } from '../evaluation/rule-query.js';
import type { RuleGroup } from '../files/rule-group.js';
import { parseHistogram } from './histogram-notation.js';
import { MemorySeries } from './memory-series.js';
import {
  compareLabels,
  diffAlerts,
  printAlerts,
  printElapsed,
  printSamples,
  printSeries,
  type TestedAlert,
  type TestedSample,
} from './print.js';
import { parseSeriesValues, type SeriesValue } from './series-values.js';
import type { AlertTest, ExprTest, RuleTestFile, RuleTestGroup } from './test-file.js';

export interface GroupOptions {
  /** Failed alerts are shown as what differs. */
  readonly diff?: boolean;
  /** All samples are dumped at the end. */
  readonly debug?: boolean;
  readonly experimental?: boolean;
}

export interface GroupResult {
  /** What failed, as promtool says it. */
  readonly failures: string[];
  /** With `debug`: all series, as promtool dumps them. */
  readonly dump: string[];
}

interface TestedGroup {
  readonly group: RuleGroup;
  readonly states: readonly RuleState[];
}

/**
 * Runs one test group: the input series are loaded step by step, all rules are evaluated every `evaluation_interval`, alerts
 * are compared at the evaluation before or at their `eval_time`, expressions at theirs.
 */
export function runTestGroup(
  test: RuleTestGroup,
  file: RuleTestFile,
  groups: readonly RuleGroup[],
  { diff = false, debug = false, experimental = false }: GroupOptions = {},
): GroupResult {
  const nameless = test.alertTests.find(({ alertname }) => alertname === '');
  if (nameless) return { failures: [missingName(nameless, test.name)], dump: [] };
  const { evaluationIntervalMs } = file;
  const series = new MemorySeries();
  const query = new QueryableQuery(series, {
    ...defaultQueryOptions,
    experimental,
    defaultSubqueryStepMs: evaluationIntervalMs,
  });
  const context: RunContext = {
    query,
    world: { externalLabels: test.externalLabels, externalUrl: test.externalUrl },
    monotonicMs: () => 0,
    restoredActiveAt: () => undefined,
  };
  const tested = groups.map((group): TestedGroup => ({ group, states: group.rules.map(freshState) }));
  const loader = new SeriesLoader(series, test);
  const failures: string[] = [];
  const lastMs = Math.max(0, ...test.alertTests.map((t) => t.evalTimeMs), ...test.exprTests.map((t) => t.evalTimeMs));
  for (let elapsedMs = 0; elapsedMs <= lastMs; elapsedMs += evaluationIntervalMs) {
    loader.loadUntil(elapsedMs);
    const errors = evaluateAll(tested, series, context, test.startMs + elapsedMs);
    failures.push(...errors);
    if (errors.length > 0) return { failures, dump: [] };
    const due = test.alertTests.filter(
      (t) => t.evalTimeMs >= elapsedMs && t.evalTimeMs < elapsedMs + evaluationIntervalMs,
    );
    for (const alertTest of due.sort((a, b) => a.evalTimeMs - b.evalTimeMs)) {
      const failure = checkAlerts(alertTest, tested, test.name, diff);
      if (failure !== undefined) failures.push(failure);
    }
  }
  for (const exprTest of test.exprTests) {
    const failure = checkExpr(exprTest, query, test.startMs, file.fuzzyCompare);
    if (failure !== undefined) failures.push(failure);
  }
  return { failures, dump: debug ? dumpOf(series, lastMs) : [] };
}

const missingName = ({ evalTimeMs }: AlertTest, testName: string): string =>
  `an item under alert_rule_test misses required attribute alertname at eval_time ${printDuration(evalTimeMs)}${testName === '' ? '' : ` (in TestGroup ${testName})`}`;

function dumpOf(series: MemorySeries, lastMs: number): string[] {
  const untilMs = Math.floor(lastMs / 1000 + 1) * 1000;
  return [
    `DEBUG: Dump of all data (input_series and rules) at ${printElapsed(untilMs)}:`,
    ...printSeries(series.select([], -Infinity, Infinity)),
  ];
}

function evaluateAll(
  tested: readonly TestedGroup[],
  series: MemorySeries,
  context: RunContext,
  atMs: number,
): string[] {
  const errors: string[] = [];
  for (const { group, states } of tested) {
    for (const state of states) {
      const { samples, stale } = atOnce(runRule(group, state, atMs, context));
      const writtenMs = atMs - group.queryOffsetMs;
      for (const { labels, value, histogram } of samples) series.append(labels, writtenMs, histogram ?? value);
      for (const labels of stale) series.appendStale(labels, writtenMs);
      if (state.health === 'err')
        errors.push(`    rule: ${state.rule.name}, time: ${printElapsed(atMs)}, err: ${state.lastError}`);
    }
  }
  return errors;
}

function checkAlerts(
  test: AlertTest,
  tested: readonly TestedGroup[],
  testName: string,
  diff: boolean,
): string | undefined {
  const got: TestedAlert[] = [];
  for (const { states } of tested) {
    for (const { rule, active } of states) {
      if (rule.kind !== 'alerting' || rule.name !== test.alertname) continue;
      for (const alert of active.values()) {
        if (alert.state === 'firing') got.push({ labels: alert.labels.toObject(), annotations: alert.annotations });
      }
    }
  }
  const expected = test.expected.map(({ labels, annotations }): TestedAlert => ({
    labels: { ...labels, alertname: test.alertname },
    annotations,
  }));
  const byLabels = (a: TestedAlert, b: TestedAlert): number =>
    compareLabels(a.labels, b.labels) || compareLabels(a.annotations, b.annotations);
  const [want, have] = [expected.sort(byLabels), got.sort(byLabels)].map(printAlerts);
  if (want === have) return undefined;
  const name = testName === '' ? '' : `    name: ${testName},\n`;
  const head = `${name}    alertname: ${test.alertname}, time: ${printDuration(test.evalTimeMs)}, \n`;
  if (diff) return `${head}        diff:\n${diffAlerts(expected, got)}`;
  return `${head}        exp:${want}, \n        got:${have}`;
}

function checkExpr(test: ExprTest, query: QueryableQuery, startMs: number, fuzzy: boolean): string | undefined {
  const head = `    expr: ${JSON.stringify(test.expr)}, time: ${printDuration(test.evalTimeMs)},`;
  let got: TestedSample[];
  let expected: TestedSample[];
  try {
    got = [...query.runText(test.expr, startMs + test.evalTimeMs).elements];
    expected = test.expected.map(({ labels, value, histogram }) => ({
      labels: parseMetric(labels),
      value,
      ...(histogram === '' ? {} : { histogram: parseHistogram(histogram) }),
    }));
  } catch (error) {
    return `${head} err: ${describe(error, test.expr)}`;
  }
  const byLabels = (a: TestedSample, b: TestedSample): number =>
    compareLabels(a.labels.toObject(), b.labels.toObject());
  got.sort(byLabels);
  expected.sort(byLabels);
  const equal =
    got.length === expected.length &&
    got.every((sample, i) => sample.labels.key === expected[i].labels.key && sameSample(sample, expected[i], fuzzy));
  return equal ? undefined : `${head}\n        exp: ${printSamples(expected)}\n        got: ${printSamples(got)}`;
}

/** Native histograms are the same when they print the same. */
function sameSample(a: TestedSample, b: TestedSample, fuzzy: boolean): boolean {
  if (a.histogram && b.histogram) return printHistogram(a.histogram) === printHistogram(b.histogram);
  return !a.histogram && !b.histogram && sameValue(a.value, b.value, fuzzy);
}

/** With `fuzzy` values may differ in their last bit. */
function sameValue(a: number, b: number, fuzzy: boolean): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  if (!fuzzy || !Number.isFinite(a) || !Number.isFinite(b)) return false;
  const bits = new BigInt64Array(new Float64Array([a, b]).buffer);
  const distance = bits[0] - bits[1];
  return Math.sign(a) === Math.sign(b) && distance >= -1n && distance <= 1n;
}

/** A metric with its labels, as in `up{job="x"}`; `{}` has none. */
function parseMetric(text: string): Labels {
  if (/^\s*(\{\s*\})?\s*$/.test(text)) return Labels.empty;
  const expr = parseExpr(text);
  if (expr.kind !== 'vector' || expr.matchers.some((matcher) => matcher.operator !== '=')) {
    throw new PromqlSyntaxError(`labels ${JSON.stringify(text)}: expected a metric with label values`, {
      start: 0,
      end: text.length,
    });
  }
  return Labels.from(Object.fromEntries(expr.matchers.map(({ name, value }) => [name, value])));
}

function describe(error: unknown, text: string): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof PromqlSyntaxError)) return error.message;
  const before = text.slice(0, error.range.start).split('\n');
  return `${before.length}:${(before.at(-1) ?? '').length + 1}: parse error: ${error.message}`;
}

/** Input series, of which an evaluation sees only what was there at its time. */
class SeriesLoader {
  private readonly inputs: readonly { readonly labels: Labels; readonly values: readonly SeriesValue[] }[];
  private next = 0;

  constructor(
    private readonly series: MemorySeries,
    private readonly test: RuleTestGroup,
  ) {
    this.inputs = test.inputSeries.map(({ series: metric, values }) => ({
      labels: parseMetric(metric),
      values: parseSeriesValues(values),
    }));
  }

  loadUntil(elapsedMs: number): void {
    for (; this.next * this.test.intervalMs <= elapsedMs; this.next++) {
      const timeMs = this.test.startMs + this.next * this.test.intervalMs;
      for (const { labels, values } of this.inputs) {
        const value = values[this.next];
        if (value === 'stale') this.series.appendStale(labels, timeMs);
        else if (value !== undefined) this.series.append(labels, timeMs, value);
      }
    }
  }
}
