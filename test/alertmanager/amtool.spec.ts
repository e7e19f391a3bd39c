import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HttpSink } from '../../apps/api/src/notifications/notifiers/sinks.fixture.js';
import { eventually } from '../support/eventually.fixture.js';
import { OpsroomProcess } from '../support/opsroom-process.fixture.js';

const run = promisify(execFile);

/** Alertmanager's own tool against a running server, and a webhook at the other end. */
describe('amtool', () => {
  let folder: string;
  let sink: HttpSink;
  let opsroom: OpsroomProcess;

  const amtool = async (...args: string[]): Promise<string> =>
    (await run('amtool', [`--alertmanager.url=${opsroom.url}`, ...args])).stdout;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opsroom-amtool-'));
    sink = await HttpSink.start();
    const config = join(folder, 'opsroom.yml');
    writeFileSync(
      config,
      `
rule_files: [${join(folder, 'none-*.yml')}]
route:
  receiver: team
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1s
  routes:
    - matchers: ['team="db"']
      receiver: database
receivers:
  - name: team
    webhook_configs: [{url: '${sink.url}'}]
  - name: database
`,
    );
    opsroom = await OpsroomProcess.start({ args: ['--config', config, '--accounts.anonymous', 'administrator'] });
  }, 60_000);

  afterAll(async () => {
    await opsroom.stop();
    await sink.stop();
    rmSync(folder, { recursive: true });
  });

  it('adds an alert, which is listed and told', async () => {
    await amtool('alert', 'add', 'alertname=DiskFull', 'instance=db-1', '--annotation=summary=nearly full');
    expect(await amtool('alert', 'query', 'alertname=DiskFull')).toContain('nearly full');
    await eventually('the webhook was told', () => sink.requests.length > 0);
    expect(sink.requests[0].body).toMatchObject({
      version: '4',
      status: 'firing',
      alerts: [{ labels: { alertname: 'DiskFull', instance: 'db-1' }, annotations: { summary: 'nearly full' } }],
    });
  });

  it('silences it, shows the silence, and ends it', async () => {
    const id = (await amtool('silence', 'add', 'alertname=DiskFull', '--comment=resizing', '--author=ana')).trim();
    expect(JSON.parse(await amtool('silence', 'query', '-o', 'json'))).toMatchObject([
      { id, comment: 'resizing', status: { state: 'active' } },
    ]);
    expect(await amtool('alert', 'query', 'alertname=DiskFull')).not.toContain('DiskFull');
    expect(await amtool('alert', 'query', '--silenced', 'alertname=DiskFull')).toContain('DiskFull');
    await amtool('silence', 'expire', id);
    expect(await amtool('silence', 'query', '-q')).toBe('');
    expect(await amtool('alert', 'query', 'alertname=DiskFull')).toContain('DiskFull');
  });

  it('extends a silence, and finds those that end soon', async () => {
    const id = (await amtool('silence', 'add', 'alertname=Other', '--comment=moving', '--author=ana')).trim();
    await amtool('silence', 'update', '--duration=10h', id);
    expect(await amtool('silence', 'query', '-q', '--within=2h', 'alertname=Other')).toBe('');
    expect((await amtool('silence', 'query', '-q', '--within=11h', 'alertname=Other')).trim()).toBe(id);
  });

  it('adds an alert with its times', async () => {
    const times = ['--start=2026-01-01T00:00:00Z', '--end=2999-01-01T00:00:00Z'];
    await amtool('alert', 'add', 'alertname=Planned', ...times);
    expect(JSON.parse(await amtool('alert', 'query', '-o', 'json', 'alertname=Planned'))).toMatchObject([
      { startsAt: '2026-01-01T00:00:00.000Z', status: { state: 'active' } },
    ]);
    expect(await amtool('alert', 'query', '--inhibited', 'alertname=Planned')).not.toContain('Planned');
  });

  it('imports silences', async () => {
    const file = join(folder, 'silences.json');
    const times = { startsAt: new Date(Date.now() + 3_600_000), endsAt: new Date(Date.now() + 7_200_000) };
    const matchers = [{ name: 'instance', value: 'db-.*', isRegex: true }];
    writeFileSync(file, JSON.stringify([{ matchers, ...times, createdBy: 'ben', comment: 'planned work' }]));
    await amtool('silence', 'import', file);
    expect(await amtool('silence', 'query', '-o', 'json')).toContain('planned work');
  });

  it('shows the configuration and its routes', async () => {
    expect(await amtool('config', 'show')).toContain('group_interval: 1s');
    expect(await amtool('config', 'routes', 'show')).toContain('{team="db"}');
    expect(await amtool('config', 'routes', 'test', 'team=db')).toContain('database');
    expect(await amtool('config', 'routes', 'test', 'team=web')).toContain('team');
  });

  it('is told what is wrong with a silence', async () => {
    await expect(amtool('silence', 'add', 'alertname=~.*', '--comment=all')).rejects.toMatchObject({
      stderr: expect.stringContaining('match every alert'),
    });
  });
});
