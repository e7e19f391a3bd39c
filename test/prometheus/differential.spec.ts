import { jest } from '@jest/globals';
import { PrometheusProcess, remoteWrite } from '../promql/prometheus-process.fixture.js';
import { Dice } from '../promql/random-expr.fixture.js';
import { queryTimes, randomHistograms, randomSeries } from '../promql/random-series.fixture.js';
import { eventually } from '../support/eventually.fixture.js';
import { OpsroomProcess } from '../support/opsroom-process.fixture.js';
import { damaged, query } from './random-query.fixture.js';

/** `OPSROOM_SEED=7 OPSROOM_QUERIES=50000 npm test -- test/prometheus/differential` asks others and more. */
const SEED = Number(process.env.OPSROOM_SEED ?? 31_337);
const QUERIES = Number(process.env.OPSROOM_QUERIES ?? 1000);
const AT_ONCE = 8;

jest.setTimeout(60_000 + QUERIES * 60);

type Point = readonly [seconds: number, value: string];

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: Point;
  readonly values?: readonly Point[];
}

type Answer =
  | { readonly status: 'success'; readonly data: { readonly resultType: string; readonly result: Point | Series[] } }
  | { readonly status: 'error'; readonly errorType: string; readonly error: string };

interface Asked {
  readonly path: 'query' | 'query_range';
  readonly parameters: Readonly<Record<string, string>>;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

function request(text: string, dice: Dice): Asked {
  const { first, last } = queryTimes;
  if (dice.once(2))
    return { path: 'query', parameters: { query: text, time: seconds(last - dice.below(10) * 60_000) } };
  const step = dice.pick(['60', '120', '1m', '180s']);
  return { path: 'query_range', parameters: { query: text, start: seconds(first), end: seconds(last), step } };
}

async function ask(url: string, { path, parameters }: Asked): Promise<Answer> {
  const reply = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(parameters) });
  return (await reply.json()) as Answer;
}

/** What tells the answers apart; undefined when nothing does. */
function difference(ours: Answer, theirs: Answer): string | undefined {
  if (ours.status === 'error' || theirs.status === 'error') {
    const [own, other] = [ours, theirs].map((one) => (one.status === 'error' ? one.errorType : 'an answer'));
    return own === other ? undefined : `${own} instead of ${other}: ${JSON.stringify({ ours, theirs }).slice(0, 300)}`;
  }
  const [own, other] = [ours.data, theirs.data];
  if (own.resultType !== other.resultType) return `${own.resultType} instead of ${other.resultType}`;
  if (own.resultType === 'scalar' || own.resultType === 'string') {
    return differentPoints([own.result as Point], [other.result as Point]);
  }
  const found = new Map((own.result as Series[]).map((one) => [keyOf(one), one]));
  for (const series of other.result as Series[]) {
    const same = found.get(keyOf(series));
    if (same === undefined) return `${keyOf(series)} is missing`;
    found.delete(keyOf(series));
    const different = differentPoints(pointsOf(same), pointsOf(series));
    if (different !== undefined) return `${keyOf(series)}: ${different}`;
  }
  const [more] = found.keys();
  return more === undefined ? undefined : `${more} is too much`;
}

const keyOf = ({ metric }: Series): string =>
  JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)));
const pointsOf = ({ value, values = [] }: Series): readonly Point[] => (value === undefined ? values : [value]);

function differentPoints(ours: readonly Point[], theirs: readonly Point[]): string | undefined {
  if (ours.length !== theirs.length) return `${ours.length} points instead of ${theirs.length}`;
  const at = theirs.findIndex(([time, value], i) => time !== ours[i][0] || !close(ours[i][1], value));
  return at < 0 ? undefined : `[${ours[at].join(', ')}] instead of [${theirs[at].join(', ')}]`;
}

/** Version 3 sums with less error than 2.42; what cancels out to nothing may leave another remainder. */
function close(ours: string, theirs: string): boolean {
  if (ours === theirs) return true;
  const [a, b] = [ours, theirs].map(Number);
  return Math.abs(a - b) <= 1e-7 * Math.max(Math.abs(a), Math.abs(b), 1e-6);
}

describe("both servers, written to and asked over HTTP: Opsroom and Debian's Prometheus", () => {
  let prometheus: PrometheusProcess;
  let opsroom: OpsroomProcess;
  let writtenMs = 0;

  beforeAll(async () => {
    [prometheus, opsroom] = await Promise.all([
      PrometheusProcess.start(),
      OpsroomProcess.start({ args: ['--accounts.anonymous', 'administrator'] }),
    ]);
    const dice = new Dice(SEED);
    const series = [...randomSeries(dice), ...randomHistograms(dice)];
    await remoteWrite(prometheus.url, series);
    await remoteWrite(opsroom.url, series);
    writtenMs = performance.now();
  }, 60_000);
  afterAll(async () => {
    prometheus.stop();
    await opsroom.stop();
  });

  /** Asks both all of it, some at once; the first differences, with what repeats them. */
  async function differences(asked: readonly Asked[], counts: (theirs: Answer) => boolean): Promise<string[]> {
    const found: string[] = [];
    const rest = asked.values();
    const worker = async (): Promise<void> => {
      for (const one of rest) {
        const [ours, theirs] = await Promise.all([ask(opsroom.url, one), ask(prometheus.url, one)]);
        const different = counts(theirs) ? difference(ours, theirs) : undefined;
        if (different !== undefined) found.push(`OPSROOM_SEED=${SEED} ${one.path} ${JSON.stringify(one.parameters)}\n    ${different}`); // prettier-ignore
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return found.slice(0, 20);
  }
  const generate = (count: number, seed: number, make: (dice: Dice) => string): Asked[] => {
    const dice = new Dice(seed);
    return Array.from({ length: count }, () => request(make(dice), dice));
  };

  it(`answer ${QUERIES} random queries alike`, async () => {
    expect(await differences(generate(QUERIES, SEED + 1, query), () => true)).toEqual([]);
  });

  it('answer alike after a kill, from what is on disk', async () => {
    await eventually(
      'the log, which is written out once a second, is on disk',
      () => performance.now() > writtenMs + 1500,
    );
    await opsroom.kill();
    await opsroom.restart();
    expect(await differences(generate(QUERIES / 5, SEED + 2, query), () => true)).toEqual([]);
  });

  // Version 3 reads more than 2.42; what 2.42 reads has to mean the same.
  it('agree on damaged queries that Prometheus can read', async () => {
    const asked = generate(QUERIES / 2, SEED + 3, (dice) => damaged(dice, query(dice)));
    expect(await differences(asked, (theirs) => theirs.status === 'success')).toEqual([]);
  });

  it.each([
    ['series', { 'match[]': 'temperature{kind=~"a|b"}' }],
    ['series', { 'match[]': '{__name__=~".*_total",zone!="z0"}' }],
    ['series', { 'match[]': 'latency_bucket{le="+Inf"}' }],
    ['labels', {}],
    ['labels', { 'match[]': 'temperature' }],
    ['label/__name__/values', { 'match[]': '{host="h1"}' }],
    ['label/le/values', {}],
    ['label/none/values', {}],
  ])('list the same %s for %j', async (path, parameters) => {
    const start = seconds(queryTimes.first);
    const end = seconds(queryTimes.last);
    const search = new URLSearchParams({
      start,
      end,
      ...(path === 'series' ? {} : { 'match[]': '{host=~".+"}' }),
      ...parameters,
    });
    const [ours, theirs] = await Promise.all(
      [opsroom.url, prometheus.url].map(async (url) => {
        const { data } = (await (await fetch(`${url}/api/v1/${path}?${search.toString()}`)).json()) as {
          data: object[];
        };
        return data.map((one) => JSON.stringify(Object.entries(one).sort())).sort();
      }),
    );
    expect(ours).toEqual(theirs);
    expect(theirs.length > 0 || path.includes('none')).toBe(true);
  });
});
