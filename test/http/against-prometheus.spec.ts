import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/free-port.fixture.js';
import { OpsroomProcess } from '../support/opsroom-process.fixture.js';
import { Peer } from '../support/peer.fixture.js';

/** Requests whose answers depend on no data, so that both servers have to send the same bytes. */
const REQUESTS: readonly (readonly [path: string, parameters: Readonly<Record<string, string>>])[] = [
  ...[
    '0',
    '-0',
    '1e21',
    '1e-7',
    '0.1+0.2',
    '-1.5e300',
    'Inf',
    '-Inf',
    'NaN',
    '123456789.125',
    '4.9e-324',
    'pi()',
  ].flatMap(
    (number) =>
      [
        ['query', { query: number, time: '1.05' }],
        ['query', { query: `vector(${number})`, time: '1435781430.781' }],
        ['query_range', { query: `vector(${number})`, start: '0', end: '1', step: '0.25' }],
        ['query_range', { query: number, start: '-1', end: '1', step: '500ms' }],
      ] as const,
  ),
  ['query', { query: '"a \\" \\u00fc"', time: '7' }],
  ['query', { query: 'time()', time: '2015-07-01T20:10:51.781Z' }],
  [
    'query',
    { query: 'label_replace(vector(1), "b", "x", "", "") or label_replace(vector(2), "a", "ü", "", "")', time: '0' },
  ],
  ['query', { query: 'nothing', time: '0' }],
  ['query', { query: 'nothing[5m]', time: '0' }],
  ['query', { query: '1', time: 'yesterday' }],
  ['query', { query: '1', time: '0', timeout: 'soon' }],
  ['query', { query: '', time: '0' }],
  ['query', { query: 'vector(1) + on() (vector(1) or label_replace(vector(1), "a", "b", "", ""))', time: '0' }],
  ['query_range', { query: '1', start: '10', end: '0', step: '1' }],
  ['query_range', { query: '1', start: '0', end: '1', step: '0' }],
  ['query_range', { query: '1', start: '0', end: '1', step: '-5' }],
  ['query_range', { query: '1', start: '0', end: '1' }],
  ['query_range', { query: '1', end: '1', step: '1' }],
  ['query_range', { query: '1', start: '0', end: '11001', step: '1' }],
  ['query_range', { query: 'nothing', start: '0', end: '11000', step: '1' }],
  ['series', {}],
  ['series', { 'match[]': '{x=""}' }],
  ['series', { 'match[]': 'up', start: 'x' }],
  ['series', { 'match[]': 'nothing' }],
  ['labels', { start: '0', end: '1' }],
  ['label/job/values', { start: '0', end: '1' }],
  ['metadata', { metric: 'nothing' }],
  ['metadata', { limit: 'x' }],
  ['rules', { type: 'x' }],
  ['rules', { type: 'record', 'rule_name[]': 'nothing' }],
  ['format_query', { query: 'sum(rate(x{a="b"}[5m]))by(a)/ignoring(c)y' }],
  ['query_exemplars', { query: 'up', start: '0', end: '1' }],
  ['alertmanagers', {}],
  ['status/walreplay', {}],
];

describe("Prometheus's HTTP API beside Debian's Prometheus", () => {
  let folder: string;
  let prometheus: Peer;
  let opsroom: OpsroomProcess;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opsroom-prometheus-'));
    const config = join(folder, 'prometheus.yml');
    writeFileSync(config, 'global: {}\n');
    const address = `127.0.0.1:${await freePort()}`;
    const args = [`--config.file=${config}`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=${address}`];
    prometheus = await Peer.start('prometheus', args, `http://${address}`, '/-/ready');
    opsroom = await OpsroomProcess.start({ args: ['--accounts.anonymous', 'viewer'] });
  }, 60_000);

  afterAll(async () => {
    await Promise.all([prometheus.stop(), opsroom.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (base: string, path: string, parameters: Readonly<Record<string, string>>) => {
    const response = await fetch(`${base}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
    return { status: response.status, body: (await response.text()).trim() };
  };

  it.each(REQUESTS)('%s of %j has the same status and the same bytes', async (path, parameters) => {
    const [theirs, ours] = await Promise.all([
      ask(prometheus.url, path, parameters),
      ask(opsroom.url, path, parameters),
    ]);
    expect(ours).toEqual(theirs);
  });

  it('is the same by POST with a form', async () => {
    const init = { method: 'POST', body: new URLSearchParams({ query: 'vector(1)', time: '5' }) };
    const bodies = await Promise.all(
      [prometheus.url, opsroom.url].map(async (url) => (await fetch(`${url}/api/v1/query`, init)).text()),
    );
    expect(bodies[1].trim()).toBe(bodies[0].trim());
  });
});
