import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { MetricMetadata } from '../../../model/batch.js';
import { Batches } from '../../../sources/batches.js';
import { labels, put, TestStore } from '../../../storage/test-store.fixture.js';
import { openHttp } from '../http.fixture.js';
import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import { clientSignal } from './client-signal.js';
import { QueryService } from './query.service.js';
import { PrometheusModule } from './prometheus.module.js';

type World = Awaited<ReturnType<typeof openHttp>>;
let world: World;
let stored: TestStore;
let folder: string;
const T0 = 1_700_000_000_000;
const TIME = /^2023-11-14T22:13:[23]\d\.\d{3}Z$/;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'opsroom-prometheus-'));
  writeFileSync(
    join(folder, 'rules.yml'),
    `groups:
- name: g
  interval: 10s
  rules:
  - {record: 'job:up:sum', expr: 'sum(up) by(job)', labels: {a: b}}
  - {alert: Down, expr: up == 0, labels: {severity: page}, annotations: {summary: 'x {{ $labels.instance }}'}}
- name: empty
  rules: []
`,
  );
  stored = new TestStore({}, T0);
  const minute = [0, 1, 2, 3].map((i) => T0 + i * 60_000);
  put(
    stored.store,
    labels('up', { job: 'a', instance: 'x' }),
    minute.map((at) => [at, 1] as const),
  );
  put(
    stored.store,
    labels('up', { job: 'b', instance: 'y' }),
    minute.map((at) => [at, 0] as const),
  );
  put(
    stored.store,
    labels('requests_total', { 'service.name': 'api' }),
    minute.map((at, i) => [at, i * 60] as const),
  );
  world = await openHttp({
    config: {
      accounts: { anonymous: 'administrator' },
      text: 'global: {}\n',
      flags: { 'query.timeout': '2m' },
      ruleFiles: [join(folder, 'rules.yml')],
      query: { maxSamples: 1000 },
    },
    imports: [PrometheusModule],
    store: stored.store,
    overrides: [[Batches, { statuses: () => [status] }]],
  });
});
afterAll(async () => {
  await world.app.close();
  rmSync(folder, { recursive: true });
  rmSync(stored.folder, { recursive: true });
});

const status = {
  name: 'host',
  health: 'up',
  lastBatchMs: T0,
  intervalMs: 1000,
  samples: 7,
  durationMs: 3,
  lastError: '',
};

const get = (path: string, parameters: Record<string, string | string[]> = {}) => {
  const search = new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) => [value].flat().map((one) => [name, one])),
  );
  return world.inject({ url: `/api/v1/${path}?${search.toString()}` });
};

const at = (ms: number) => String(ms / 1000);

describe('query', () => {
  it.each<[string, string]>([
    [
      'up',
      '{"resultType":"vector","result":[{"metric":{"__name__":"up","instance":"x","job":"a"},"value":[1700000180,"1"]},{"metric":{"__name__":"up","instance":"y","job":"b"},"value":[1700000180,"0"]}]}',
    ],
    ['1e-7', '{"resultType":"scalar","result":[1700000180,"0.0000001"]}'],
    ['vector(1e-7)', '{"resultType":"vector","result":[{"metric":{},"value":[1700000180,"1e-07"]}]}'],
    ['"a<b"', '{"resultType":"string","result":[1700000180,"a<b"]}'],
    ['nothing', '{"resultType":"vector","result":[]}'],
    [
      'up{job="a"}[61s]',
      '{"resultType":"matrix","result":[{"metric":{"__name__":"up","instance":"x","job":"a"},"values":[[1700000120,"1"],[1700000180,"1"]]}]}',
    ],
    [
      'rate({"requests_total"}[2m])',
      '{"resultType":"vector","result":[{"metric":{"service.name":"api"},"value":[1700000180,"1"]}]}',
    ],
  ])("answers %s in Prometheus's own bytes", async (query, data) => {
    const response = await get('query', { query, time: at(T0 + 180_000) });
    expect(response.body).toBe(`{"status":"success","data":${data}}`);
    expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'application/json']);
  });

  it('is asked by POST with a form too', async () => {
    const response = await world.inject({
      method: 'POST',
      url: '/api/v1/query',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'query=1%2B1&time=5',
    });
    expect(response.json().data).toEqual({ resultType: 'scalar', result: [5, '2'] });
  });

  it('is about now when no time is given', async () => {
    const response = await get('query', { query: 'time()' });
    expect(Number(response.json().data.result[0])).toBe(world.clock.nowMs() / 1000);
  });

  it('leaves out what is over the limit, with a warning', async () => {
    const { data, warnings } = (await get('query', { query: 'up', time: at(T0), limit: '1' })).json();
    expect([data.result.length, warnings]).toEqual([1, ['results truncated due to limit']]);
  });

  it('carries what the evaluation has to say', async () => {
    const answer = (await get('query', { query: 'rate(up[2m])', time: at(T0 + 180_000) })).json();
    expect(answer.infos).toEqual([expect.stringContaining('metric might not be a counter')]);
    expect(answer.warnings).toBeUndefined();
  });

  it('counts when asked to', async () => {
    const { stats } = (await get('query', { query: 'up', time: at(T0), stats: 'all' })).json().data;
    expect(stats.samples).toEqual({ totalQueryableSamples: 2, peakSamples: expect.any(Number) });
    expect(Object.keys(stats.timings)).toContain('execTotalTime');
  });

  it('looks back as far as it is told', async () => {
    const time = at(T0 + 180_000 + 30_000);
    const count = async (lookback_delta: string) =>
      Number((await get('query', { query: 'up', time, lookback_delta })).json().data.result.length);
    expect([await count('20s'), await count('40s')]).toEqual([0, 2]);
  });

  it.each<[string, Record<string, string>, number, string, string]>([
    ['query', { query: 'foo bar' }, 400, 'bad_data', 'invalid parameter "query": 1:5: parse error: unexpected'],
    ['query', {}, 400, 'bad_data', 'invalid parameter "query": 1:1: parse error: no expression found in input'],
    [
      'query',
      { query: '1', timeout: 'x' },
      400,
      'bad_data',
      'invalid parameter "timeout": cannot parse "x" to a valid duration',
    ],
    ['query', { query: 'up + on() up' }, 422, 'execution', 'found duplicate series for the match group {} on the'],
    ['query', { query: 'up', timeout: '0' }, 503, 'timeout', 'query timed out in expression evaluation'],
    [
      'query',
      { query: '"ü" foo', time: '0' },
      400,
      'bad_data',
      'invalid parameter "query": 1:6: parse error: unexpected',
    ],
    ['query', { query: 'foo +\nfoo bar' }, 400, 'bad_data', 'invalid parameter "query": 2:5: parse error: unexpected'],
    [
      'query_range',
      { query: '1', start: '10', end: '0', step: '1' },
      400,
      'bad_data',
      'invalid parameter "end": end timestamp must not be before start time',
    ],
    [
      'query_range',
      { query: '1', start: '0', end: '1', step: '0' },
      400,
      'bad_data',
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    ],
    [
      'query_range',
      { query: '1', start: '0', end: '1' },
      400,
      'bad_data',
      'invalid parameter "step": cannot parse "" to a valid duration',
    ],
    [
      'query_range',
      { query: '1', start: '0', end: '100000', step: '1' },
      400,
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    ],
    [
      'query_range',
      { query: 'up[1m]', start: '0', end: '1', step: '1' },
      400,
      'bad_data',
      'invalid parameter "query": invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    ],
    [
      'query_range',
      { query: 'time() * up[10h:1ms]', start: '0', end: '1', step: '1' },
      400,
      'bad_data',
      'invalid parameter "query": 1:',
    ],
    ['format_query', { query: 'sum(' }, 400, 'bad_data', 'parse error: unclosed left parenthesis'],
    ['series', {}, 400, 'bad_data', 'no match[] parameter provided'],
    ['series', { 'match[]': '{x=""}' }, 400, 'bad_data', 'match[] must contain at least one non-empty matcher'],
    [
      'series',
      { 'match[]': 'up', start: 'x' },
      400,
      'bad_data',
      'invalid parameter "start": Invalid time value for \'start\': cannot parse "x" to a valid timestamp',
    ],
    ['label/U__/values', {}, 400, 'bad_data', 'invalid label name: "U__"'],
    ['metadata', { limit: 'x' }, 400, 'bad_data', 'limit must be a number'],
    ['rules', { type: 'x' }, 400, 'bad_data', 'invalid parameter "type": not supported value "x"'],
    [
      'rules',
      { group_next_token: 'x' },
      400,
      'bad_data',
      'invalid parameter "group_limit": group_limit needs to be present in order to paginate over the groups',
    ],
  ])('%s of %j is refused as Prometheus refuses it', async (path, parameters, code, errorType, error) => {
    const response = await get(path, parameters);
    expect(response.json()).toEqual({ status: 'error', errorType, error: expect.stringContaining(error) });
    expect(response.statusCode).toBe(code);
  });

  it('that would hold too many samples fails by itself', async () => {
    const response = await get('query_range', { query: 'up', start: at(T0), end: at(T0 + 180_000), step: '0.1' });
    expect([response.statusCode, response.json().errorType]).toEqual([422, 'execution']);
  });

  it('ends when the client has gone away', async () => {
    const queries = world.app.get(QueryService, { strict: false });
    const raw = Object.assign(new EventEmitter(), { writableFinished: false, destroyed: false });
    const signal = clientSignal({ raw } as unknown as FastifyReply);
    expect(signal.aborted).toBe(false);
    let told = 0;
    signal.onAborted(() => told++);
    raw.destroyed = true;
    raw.emit('close');
    expect([signal.aborted, told]).toEqual([true, 1]);
    const request = { text: 'up', lookbackMs: undefined, timeoutMs: undefined, signal };
    await expect(queries.run(request, { timeMs: T0 })).rejects.toMatchObject({ type: 'canceled', status: 499 });
  });

  it('takes no other methods', async () => {
    expect((await world.inject({ method: 'PUT', url: '/api/v1/query?query=1' })).statusCode).toBe(405);
  });
});

describe('query_range', () => {
  it('gives points at its steps', async () => {
    const range = { start: at(T0), end: at(T0 + 120_000), step: '1m' };
    const { data } = (await get('query_range', { query: 'up{job="a"} * 2', ...range })).json();
    expect(data).toEqual({
      resultType: 'matrix',
      result: [
        {
          metric: { instance: 'x', job: 'a' },
          values: [
            [1_700_000_000, '2'],
            [1_700_000_060, '2'],
            [1_700_000_120, '2'],
          ],
        },
      ],
    });
    const scalar = (await get('query_range', { query: '1', start: '0', end: '0.5', step: '0.25' })).body;
    expect(scalar).toContain('"result":[{"metric":{},"values":[[0,"1"],[0.250,"1"],[0.500,"1"]]}]');
  });

  it('is compressed for those who take it', async () => {
    const url = `/api/v1/query_range?query=vector(1)&start=0&end=500&step=1`;
    const response = await world.inject({ url, headers: { 'accept-encoding': 'gzip' } });
    expect(response.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(response.rawPayload).toString()).data.result[0].values).toHaveLength(501);
  });
});

describe('what there is', () => {
  it('is told as series, label names and label values', async () => {
    expect((await get('series', { 'match[]': ['up{job="b"}', 'requests_total'] })).json().data).toEqual(
      expect.arrayContaining([
        { __name__: 'up', instance: 'y', job: 'b' },
        { __name__: 'requests_total', 'service.name': 'api' },
      ]),
    );
    expect((await get('labels')).json().data).toEqual(['__name__', 'instance', 'job', 'service.name']);
    expect((await get('labels', { 'match[]': 'up' })).json().data).toEqual(['__name__', 'instance', 'job']);
    expect((await get('label/job/values')).json().data).toEqual(['a', 'b']);
    expect((await get('label/job/values', { limit: '1' })).json()).toEqual({
      status: 'success',
      data: ['a'],
      warnings: ['results truncated due to limit'],
    });
    expect((await get('label/U__service_2e_name/values')).json().data).toEqual(['api']);
    expect((await get('label/job/values', { start: '0', end: '1' })).json().data).toEqual([]);
  });

  it('is told with types, help and units', async () => {
    const metadata = new Map<string, MetricMetadata>([['up', { type: 'gauge', help: 'It is up.', unit: '' }]]);
    stored.store.append({
      source: 'test',
      receivedMs: 0,
      refs: new Uint32Array(0),
      timestamps: new Float64Array(0),
      values: new Float64Array(0),
      count: 0,
      metadata,
    });
    expect((await get('metadata')).json().data).toEqual({ up: [{ type: 'gauge', help: 'It is up.', unit: '' }] });
    expect((await get('metadata', { metric: 'down' })).json().data).toEqual({});
    expect((await get('metadata', { limit: '0' })).json().data).toEqual({});
  });

  it('can be forgotten', async () => {
    put(stored.store, labels('gone'), [[T0, 1]]);
    const response = await world.inject({ method: 'POST', url: '/api/v1/admin/tsdb/delete_series?match[]=gone' });
    expect([response.statusCode, response.body]).toEqual([204, '']);
    expect((await get('series', { 'match[]': 'gone' })).json().data).toEqual([]);
    const nothing = await world.inject({ method: 'POST', url: '/api/v1/admin/tsdb/delete_series' });
    expect(nothing.json().error).toBe('no match[] parameter provided');
    expect((await world.inject({ method: 'POST', url: '/api/v1/admin/tsdb/clean_tombstones' })).statusCode).toBe(204);
  });
});

describe('expressions as text', () => {
  it('are laid out', async () => {
    expect((await get('format_query', { query: 'sum(x)by(a)' })).json().data).toBe('sum by (a) (x)');
  });

  it('are taken apart', async () => {
    expect((await get('parse_query', { query: 'up{a="b"}' })).json().data).toMatchObject({
      type: 'vectorSelector',
      name: 'up',
    });
  });
});

describe('rules', () => {
  /** Every group has a run within its interval; runs pause between slices. */
  const evaluate = async () => {
    for (let second = 0; second < 12; second++) {
      world.clock.advance(1000);
      await setImmediate();
    }
  };

  it('are told with their state and alerts', async () => {
    await evaluate();
    const { groups } = (await get('rules')).json().data;
    expect(groups[0]).toMatchObject({ name: 'g', interval: 10, limit: 0, lastEvaluation: expect.stringMatching(TIME) });
    expect(groups[0].rules).toMatchObject([
      { name: 'job:up:sum', query: 'sum by (job) (up)', labels: { a: 'b' }, health: 'ok', type: 'recording' },
      {
        state: 'firing',
        name: 'Down',
        query: 'up == 0',
        duration: 0,
        keepFiringFor: 0,
        labels: { severity: 'page' },
        annotations: { summary: 'x {{ $labels.instance }}' },
        alerts: [
          {
            labels: { alertname: 'Down', instance: 'y', job: 'b', severity: 'page' },
            annotations: { summary: 'x y' },
            state: 'firing',
            activeAt: expect.stringMatching(TIME),
            value: '0e+00',
          },
        ],
        type: 'alerting',
      },
    ]);
    expect((await get('alerts')).json().data.alerts).toEqual(groups[0].rules[1].alerts);
  });

  it.each<[Record<string, string>, string[]]>([
    [{ type: 'alert' }, ['Down']],
    [{ type: 'record' }, ['job:up:sum']],
    [{ 'rule_name[]': 'Down' }, ['Down']],
    [{ 'rule_group[]': 'none' }, []],
    [{ 'match[]': '{severity="page"}' }, ['Down']],
    [{ group_limit: '1' }, ['job:up:sum', 'Down']],
  ])('are filtered by %j', async (parameters, names) => {
    const { groups } = (await get('rules', parameters)).json().data;
    expect(groups.flatMap((group: { rules: { name: string }[] }) => group.rules.map((rule) => rule.name))).toEqual(
      names,
    );
  });

  it('come in pages', async () => {
    const first = (await get('rules', { group_limit: '1' })).json().data;
    const second = (await get('rules', { group_limit: '1', group_next_token: first.groupNextToken })).json().data;
    expect([first.groups[0].name, second.groups[0].name, second.groupNextToken]).toEqual(['g', 'empty', undefined]);
  });
});

describe('status', () => {
  it('tells clients whose language this is', async () => {
    expect((await get('status/buildinfo')).json().data).toMatchObject({ version: '3.14.0', application: 'Opsroom' });
  });

  it('shows configuration, switches, the store and the process', async () => {
    expect((await get('status/config')).json().data).toEqual({ yaml: 'global: {}\n' });
    expect((await get('status/flags')).json().data).toEqual({ 'query.timeout': '2m' });
    expect((await get('status/runtimeinfo')).json().data).toMatchObject({
      storageRetention: '15d',
      reloadConfigSuccess: true,
    });
    const tsdb = (await get('status/tsdb', { limit: '2' })).json().data;
    expect(tsdb.seriesCountByMetricName).toContainEqual({ name: 'up', value: 2 });
    expect(tsdb.labelValueCountByLabelName).toHaveLength(2);
    expect(tsdb.headStats.numSeries).toBeGreaterThan(0);
  });

  it('shows the sources as targets', async () => {
    const { activeTargets } = (await get('targets')).json().data;
    expect(activeTargets).toMatchObject([
      { scrapePool: 'host', health: 'up', scrapeInterval: '1s', lastScrapeDuration: 0.003 },
    ]);
    expect((await get('targets', { state: 'dropped' })).json().data.activeTargets).toEqual([]);
  });
});
