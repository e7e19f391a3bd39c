import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Administrator } from '../support/administrator.fixture.js';
import { eventually } from '../support/eventually.fixture.js';
import { freePort } from '../support/free-port.fixture.js';
import { OpsroomProcess } from '../support/opsroom-process.fixture.js';
import { Peer } from '../support/peer.fixture.js';

interface Listed {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly generatorURL: string;
}

interface Answer {
  readonly data: { readonly result: { metric: Record<string, string>; values: [number, string][] }[] };
}

// It takes Prometheus some seconds until it sends the first samples.
jest.setTimeout(30_000);

/** Debian's Prometheus scrapes, sends its samples by remote write, and its alerts as to an Alertmanager. */
describe('a Prometheus in front', () => {
  let folder: string;
  let target: Server;
  let opsroom: OpsroomProcess;
  let prometheus: Peer;
  let token: string;
  let level = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opsroom-sender-'));
    target = createServer((_, response) => response.end(`# TYPE level gauge\nlevel{tank="north"} ${level}\n`));
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    const { port } = target.address() as AddressInfo;
    opsroom = await OpsroomProcess.start();
    token = await (await Administrator.enter(opsroom)).token('prometheus', 'responder');
    const { host } = new URL(opsroom.url);
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `
global: {scrape_interval: 250ms, evaluation_interval: 250ms, external_labels: {site: one}}
rule_files: [rules.yml]
scrape_configs:
  - {job_name: tank, static_configs: [{targets: ['127.0.0.1:${port}']}]}
  - {job_name: opsroom, authorization: {credentials: '${token}'}, static_configs: [{targets: ['${host}']}]}
remote_write:
  - url: ${opsroom.url}/api/v1/write
    authorization: {credentials: '${token}'}
    queue_config: {batch_send_deadline: 200ms}
alerting:
  alertmanagers:
    - {api_version: v2, authorization: {credentials: '${token}'}, static_configs: [{targets: ['${host}']}]}
`,
    );
    writeFileSync(
      join(folder, 'rules.yml'),
      `
groups:
  - name: tanks
    rules:
      - alert: TankFull
        expr: level > 5
        labels: {severity: critical}
        annotations: {summary: '{{ $labels.tank }} is at {{ $value }}'}
`,
    );
    const address = `127.0.0.1:${await freePort()}`;
    prometheus = await Peer.start(
      'prometheus',
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
      ],
      `http://${address}`,
      '/-/ready',
    );
  }, 60_000);

  afterAll(async () => {
    await prometheus.stop();
    await opsroom.stop();
    await new Promise((resolve) => target.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const get = async <T>(base: string, path: string): Promise<T> => {
    const response = await fetch(base + path, { headers: { authorization: `Bearer ${token}` } });
    return (await response.json()) as T;
  };
  /** The answer to a query at a time, ms since 1970. */
  const query = async (base: string, expr: string, timeMs = Date.now()) => {
    const parameters = new URLSearchParams({ query: expr, time: String(timeMs / 1000) });
    return (await get<Answer>(base, `/api/v1/query?${parameters.toString()}`)).data.result;
  };

  it('sends every sample that it scrapes, with its labels', async () => {
    const endMs = await eventually('five samples have arrived', async () => {
      const [found] = await query(opsroom.url, 'level[1m]');
      return found?.values.length >= 5 && found.values[4][0] * 1000;
    });
    const [[theirs], [ours]] = await Promise.all(
      [prometheus.url, opsroom.url].map((base) => query(base, 'level[1m]', endMs)),
    );
    expect(ours.metric).toEqual({ ...theirs.metric, site: 'one' });
    expect(ours.values).toEqual(theirs.values);
  });

  it('finds nothing wrong with what this server says of itself', async () => {
    await eventually('it has scraped this server', async () => {
      const [up] = await query(prometheus.url, 'up{job="opsroom"}[1m]');
      return up?.values.some(([, value]) => value === '1');
    });
    const { data } = await get<{ data: { activeTargets: { health: string; lastError: string }[] } }>(
      prometheus.url,
      '/api/v1/targets?state=active',
    );
    expect(data.activeTargets.map(({ health, lastError }) => [health, lastError])).toEqual([
      ['up', ''],
      ['up', ''],
    ]);
  });

  it('sends NaN as it is', async () => {
    level = NaN;
    await eventually('the last value is not a number', async () => {
      const [found] = await query(opsroom.url, 'level[2s]');
      return found?.values.at(-1)?.[1] === 'NaN';
    });
  });

  it('raises its alerts here, and resolves them', async () => {
    const listed = (): Promise<Listed[]> =>
      get<Listed[]>(opsroom.url, '/api/v2/alerts?filter=alertname%3D%22TankFull%22');
    level = 7;
    const [alert] = await eventually('the alert is here', async () => {
      const alerts = await listed();
      return alerts.length > 0 && alerts;
    });
    expect(alert.labels).toMatchObject({ alertname: 'TankFull', tank: 'north', severity: 'critical', site: 'one' });
    expect(alert.annotations).toEqual({ summary: 'north is at 7' });
    expect(alert.generatorURL).toContain('/graph?g0.expr=level+%3E+5');
    level = 1;
    await eventually('the alert is resolved', async () => (await listed()).length === 0);
  });

  it('ends a series whose target has gone at once, not after five minutes', async () => {
    expect(await query(opsroom.url, 'level')).toHaveLength(1);
    target.closeAllConnections();
    await new Promise((resolve) => target.close(resolve));
    await eventually('nothing is at the last value any more', async () => {
      return (await query(opsroom.url, 'level')).length === 0;
    });
    expect(await query(opsroom.url, 'level[1m]')).toHaveLength(1);
  });
});
