import {
  createPlan,
  defaultQueryOptions,
  type EvaluationResult,
  evaluateInstant,
  evaluateRange,
  Labels,
  type Matcher,
  parseExpr,
  PromqlExecutionError,
  type Queryable,
  type SeriesSamples,
} from '@opsroom/promql';
import { PrometheusProcess, type PrometheusReply, type WrittenSeries } from './prometheus-process.fixture.js';
import { Dice, vector } from './random-expr.fixture.js';
import { queryTimes, randomSeries } from './random-series.fixture.js';

const SEED = Number(process.env.OPSROOM_SEED ?? 20_260);
const QUERIES = Number(process.env.OPSROOM_QUERIES ?? 1200);
const SECOND = 1000;

function queryableOf(series: readonly WrittenSeries[]): Queryable {
  return {
    *select(matchers: readonly Matcher[], fromMs: number, toMs: number): Iterable<SeriesSamples> {
      let ref = 0;
      for (const { labels, timestamps, values } of series) {
        ref++;
        if (!matchers.every((matcher) => matcher.matches(labels.get(matcher.name)))) continue;
        const from = timestamps.findIndex((timeMs) => timeMs >= fromMs);
        const after = timestamps.findIndex((timeMs) => timeMs > toMs);
        const to = after < 0 ? timestamps.length : after;
        if (from >= 0 && from < to) yield { ref, labels, timestamps, values, from, to };
      }
    },
  };
}

type Samples = Map<string, Map<number, number>>;

function ownSamples(result: EvaluationResult): Samples {
  if (result.type !== 'vector') throw new Error(`a ${result.type}`);
  const samples: Samples = new Map();
  for (const { labels, values, present } of result.series) {
    const points = new Map<number, number>();
    values.forEach((value, step) => {
      if (present[step] !== 0) points.set(result.startMs + step * result.stepMs, value);
    });
    samples.set(labels.key, points);
  }
  return samples;
}

interface RemoteSeries {
  readonly metric: Record<string, string>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
}

function remoteSamples(reply: Extract<PrometheusReply, { status: 'success' }>): Samples {
  const samples: Samples = new Map();
  for (const { metric, value, values } of reply.data.result as RemoteSeries[]) {
    const points = value === undefined ? (values ?? []) : [value];
    const read = ([seconds, text]: readonly [number, string]): [number, number] => [
      Math.round(seconds * 1000),
      Number(text.replace('Inf', 'Infinity')),
    ];
    samples.set(Labels.from(metric).key, new Map(points.map(read)));
  }
  return samples;
}

function difference(own: Samples, remote: Samples): string | undefined {
  for (const [key, points] of remote) {
    const ours = own.get(key);
    if (ours === undefined) return `${key} is missing`;
    for (const [timeMs, value] of points) {
      const at = ours.get(timeMs);
      if (at === undefined || !close(at, value)) return `${key} at ${timeMs}: ${String(at)} instead of ${value}`;
    }
    if (ours.size !== points.size) return `${key} has ${ours.size} points instead of ${points.size}`;
  }
  const more = [...own.keys()].find((key) => !remote.has(key));
  return more === undefined ? undefined : `${more} is too much`;
}

function close(a: number, b: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true;
  // What cancels out to nothing may leave another remainder.
  const scale = Math.max(Math.abs(a), Math.abs(b), 1e-6);
  return Math.abs(a - b) / Math.min(scale, Number.MAX_VALUE) < 1e-7;
}

describe('beside a real Prometheus', () => {
  it(`answers ${QUERIES} random queries alike`, async () => {
    const dice = new Dice(SEED);
    const series = randomSeries(dice);
    const queryable = queryableOf(series);
    const prometheus = await PrometheusProcess.start();
    try {
      await prometheus.write(series);
      const differences: string[] = [];
      for (let i = 0; i < QUERIES; i++) {
        const text = vector(dice, 1 + dice.below(3));
        const range = dice.once(2);
        const found = await compare(prometheus, queryable, text, range);
        if (found !== undefined) differences.push(`${range ? 'range' : 'instant'} ${text}\n    ${found}`);
      }
      expect(differences.slice(0, 20)).toEqual([]);
    } finally {
      prometheus.stop();
    }
  }, 300_000);
});

async function compare(
  prometheus: PrometheusProcess,
  queryable: Queryable,
  text: string,
  range: boolean,
): Promise<string | undefined> {
  const { first, last } = queryTimes;
  const seconds = (ms: number): string => (ms / 1000).toFixed(3);
  const reply = range
    ? await prometheus.query('query_range', { query: text, start: seconds(first), end: seconds(last), step: '60' })
    : await prometheus.query('query', { query: text, time: seconds(last) });
  let own: EvaluationResult;
  try {
    const plan = createPlan(parseExpr(text), { text });
    own = range
      ? evaluateRange(plan, queryable, { startMs: first, endMs: last, stepMs: 60 * SECOND }, defaultQueryOptions)
      : evaluateInstant(plan, queryable, last, defaultQueryOptions);
  } catch (error) {
    if (error instanceof PromqlExecutionError) {
      return reply.status === 'error' ? undefined : `failed: ${error.message}`;
    }
    return reply.status === 'error' ? undefined : String(error);
  }
  if (reply.status === 'error') return `did not fail; Prometheus says: ${reply.error}`;
  return difference(ownSamples(own), remoteSamples(reply));
}
