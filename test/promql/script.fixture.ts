import {
  createPlan,
  defaultQueryOptions,
  type EvaluationResult,
  evaluateInstant,
  evaluateRange,
  type FloatHistogram,
  histogramBuckets,
  parseDuration,
  parseExpr,
} from '@opsroom/promql';
import { MemoryQueryable } from './memory-queryable.fixture.js';
import { type DescribedSeries, parseNumber, parseSeries, type Point } from './series-notation.fixture.js';

/** One `eval` of a script with what it expects. */
export interface Case {
  readonly line: number;
  readonly expr: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0 for an instant query. */
  readonly stepMs: number;
  readonly expectations: readonly string[];
  readonly scalar: number | undefined;
  readonly text: string | undefined;
  readonly series: readonly DescribedSeries[];
  readonly queryable: MemoryQueryable;
}

/**
 * Reads a script in the notation of Prometheus's own tests: blocks of lines, `load <interval>` with series, `clear`,
 * `eval instant at <time> <expr>` and `eval range from <start> to <end> step <step> <expr>` with what they give and lines
 * of `expect fail|warn|info|no_warn|no_info|ordered|string …`.
 */
export function parseScript(script: string): Case[] {
  const cases: Case[] = [];
  let queryable = new MemoryQueryable();
  let offset = 0;
  const lines = script.split('\n').map((line) => line.trim());
  while (offset < lines.length) {
    const line = offset + 1;
    const head = lines[offset++];
    if (head === '' || head.startsWith('#')) continue;
    const block: string[] = [];
    while (offset < lines.length && lines[offset] !== '' && !lines[offset].startsWith('#')) block.push(lines[offset++]);
    if (head === 'clear') queryable = new MemoryQueryable();
    else if (head.startsWith('load ')) queryable.load(block.map(parseSeries), parseDuration(head.slice(5).trim()));
    else cases.push({ line, ...parseEval(head), ...parseExpected(block), queryable });
  }
  return cases;
}

const ms = (text: string): number => (text === '0' ? 0 : parseDuration(text));

function parseEval(head: string): Pick<Case, 'expr' | 'startMs' | 'endMs' | 'stepMs'> {
  const instant = /^eval instant at (\S+) (.+)$/.exec(head);
  if (instant !== null) {
    return { startMs: ms(instant[1]), endMs: ms(instant[1]), stepMs: 0, expr: instant[2] };
  }
  const range = /^eval range from (\S+) to (\S+) step (\S+) (.+)$/.exec(head);
  if (range === null) throw new Error(`neither load, clear nor eval: ${head}`);
  return { startMs: ms(range[1]), endMs: ms(range[2]), stepMs: ms(range[3]), expr: range[4] };
}

function parseExpected(block: readonly string[]): Pick<Case, 'expectations' | 'scalar' | 'text' | 'series'> {
  const expectations: string[] = [];
  const series: DescribedSeries[] = [];
  let scalar: number | undefined;
  let text: string | undefined;
  for (const line of block) {
    if (line.startsWith('expect string ')) text = JSON.parse(line.slice(14)) as string;
    else if (line.startsWith('expect ')) expectations.push(line.slice(7));
    else if (parseNumber(line) !== undefined) scalar = parseNumber(line);
    else series.push(parseSeries(line));
  }
  return { expectations, scalar, text, series };
}

/** What is wrong; undefined if the case holds. */
export function runCase(test: Case): string | undefined {
  const fail = test.expectations.find((expectation) => expectation.startsWith('fail'));
  let result: EvaluationResult;
  try {
    result = evaluate(test);
  } catch (error) {
    if (fail === undefined) return String(error);
    const wanted = /msg:\s*(.*)$/.exec(fail)?.[1];
    const message = error instanceof Error ? error.message : String(error);
    return wanted === undefined || message === wanted ? undefined : `failed with: ${message}`;
  }
  if (fail !== undefined) return 'did not fail';
  return checkAnnotations(test, result) ?? checkValue(test, result);
}

function evaluate(test: Case): EvaluationResult {
  const options = { ...defaultQueryOptions, experimental: true, delayedNameRemoval: true };
  const plan = createPlan(parseExpr(test.expr, { experimental: true }), { text: test.expr });
  return test.stepMs === 0
    ? evaluateInstant(plan, test.queryable, test.startMs, options)
    : evaluateRange(plan, test.queryable, test, options);
}

function checkAnnotations(test: Case, { annotations }: EvaluationResult): string | undefined {
  for (const [kind, found] of [
    ['warn', annotations.warnings],
    ['info', annotations.infos],
  ] as const) {
    const wanted = test.expectations.filter((expectation) => expectation.split(' ')[0] === kind);
    if (wanted.length > 0 && found.length === 0) return `no ${kind} at all`;
    if (test.expectations.includes(`no_${kind}`) && found.length > 0) return `unexpected ${kind}: ${found.join()}`;
    const texts = found.map((text) => text.replace(/ \(\d+:\d+\)$/, ''));
    for (const expectation of wanted) {
      const message = /msg:\s*(.*)$/.exec(expectation)?.[1];
      if (message !== undefined && !texts.includes(message)) return `no ${kind} "${message}" among ${texts.join('; ')}`;
    }
  }
  return undefined;
}

function checkValue(test: Case, result: EvaluationResult): string | undefined {
  if (result.type === 'string') return result.value === test.text ? undefined : `string "${result.value}"`;
  if (result.type === 'scalar') {
    const wrong = result.values.find((value) => !close(value, test.scalar ?? NaN));
    return wrong === undefined ? undefined : `scalar ${wrong}`;
  }
  const found = new Map<string, Point[]>();
  for (const series of result.series) {
    const points: Point[] = [];
    series.values.forEach((value, i) => {
      if ('present' in series && series.present[i] === 0) return;
      const at = 'timestamps' in series ? points.length : i;
      points[at] = series.histograms?.[i] ?? value;
    });
    found.set(series.labels.key, points);
  }
  if (test.expectations.includes('ordered')) {
    const order = test.series.map(({ labels }) => labels.key).join();
    if ([...found.keys()].join() !== order) return `order ${[...found.keys()].join(' ')}`;
  }
  for (const { labels, points } of test.series) {
    const own = found.get(labels.key);
    if (own === undefined) return `no series ${labels.key} among ${[...found.keys()].join(' ')}`;
    found.delete(labels.key);
    for (let i = 0; i < Math.max(points.length, own.length); i++) {
      if (!samePoint(points[i], own[i])) return `${labels.key} at ${i}: ${JSON.stringify(own[i])}`;
    }
  }
  return found.size === 0 ? undefined : `unexpected series ${[...found.keys()].join(' ')}`;
}

function samePoint(wanted: Point, found: Point): boolean {
  if (typeof wanted === 'object' && typeof found === 'object') return sameHistogram(wanted, found);
  if (typeof wanted === 'number' && typeof found === 'number') return close(wanted, found);
  return wanted === found;
}

function sameHistogram(wanted: FloatHistogram, found: FloatHistogram): boolean {
  const buckets = (histogram: FloatHistogram) => histogramBuckets(histogram).filter(({ count }) => count !== 0);
  const a = buckets(wanted);
  const b = buckets(found);
  const same =
    a.length === b.length &&
    a.every((bucket, i) => {
      const other = b[i];
      return bucket.lower === other.lower && close(bucket.upper, other.upper) && close(bucket.count, other.count);
    });
  return same && close(wanted.count, found.count) && close(wanted.sum, found.sum);
}

function close(a: number, b: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  return Math.abs(a - b) / Math.min(Math.abs(a) + Math.abs(b), Number.MAX_VALUE) < 1e-9;
}
