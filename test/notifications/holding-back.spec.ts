import type { NotificationEvent } from '@opsroom/contracts';
import { HttpSink } from '../../apps/api/src/notifications/notifiers/sinks.fixture.js';
import { eventually } from '../support/eventually.fixture.js';
import { TellingServer } from './telling-server.fixture.js';

interface Gettable {
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly status: { readonly state: string; readonly inhibitedBy: readonly string[] };
}

describe('what is held back', () => {
  let hook: HttpSink;
  let server: TellingServer;

  beforeAll(async () => {
    hook = await HttpSink.start();
    server = await TellingServer.start(`
route:
  receiver: team
  group_by: [alertname, site]
  group_wait: 0s
  group_interval: 1s
  routes:
  - {matchers: ['team="office"'], mute_time_intervals: [always]}
  - {matchers: ['team="night"'], active_time_intervals: [never]}
time_intervals:
- {name: always, time_intervals: [{times: [{start_time: '00:00', end_time: '24:00'}]}]}
- {name: never, time_intervals: [{years: ['1999']}]}
inhibit_rules:
- {source_matchers: ['alertname="SiteDown"'], target_matchers: ['alertname="ProbeFailed"'], equal: [site]}
receivers: [{name: team, webhook_configs: [{url: '${hook.url}'}]}]
`);
  }, 60_000);

  afterAll(async () => {
    await server.stop();
    await hook.stop();
  });

  const fire = async (...alerts: Readonly<Record<string, string>>[]): Promise<void> => {
    const { status } = await server.post(
      '/api/v2/alerts',
      alerts.map((labels) => ({ labels })),
    );
    expect(status).toBe(200);
  };
  const told = (): string[] =>
    hook.requests.flatMap(({ body }) =>
      (body as { alerts: { status: string; labels: Record<string, string> }[] }).alerts.map(
        ({ status, labels }) => `${status} ${labels.alertname} ${labels.site ?? ''}`,
      ),
    );
  const heldBack = async (): Promise<NotificationEvent[]> => {
    const { events } = (await server.get('/api/opsroom/notifications')).body as { events: NotificationEvent[] };
    return events.filter(({ outcome }) => outcome === 'held_back');
  };

  it('in a mute time is in the log with its reason', async () => {
    await fire({ alertname: 'Printer', team: 'office' }, { alertname: 'Backup', team: 'night' });
    const entries = await eventually('both are held back', async () => {
      const all = await heldBack();
      return all.length >= 2 && all;
    });
    expect(entries).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ reason: 'muted_by_time_interval', detail: expect.stringContaining('Printer') }),
        expect.objectContaining({ reason: 'outside_active_time_intervals', detail: expect.stringContaining('Backup') }),
      ]),
    );
    expect(told()).toEqual([]);
    const groups = async (query: string) =>
      (await server.get(`/api/v2/alerts/groups${query}`)).body as { alerts: { status: { mutedBy: string[] } }[] }[];
    const muted = (await groups('?muted=true')).map(({ alerts }) => alerts[0].status);
    expect(muted).toEqual([
      { state: 'suppressed', silencedBy: [], inhibitedBy: [], mutedBy: ['never'] },
      { state: 'suppressed', silencedBy: [], inhibitedBy: [], mutedBy: ['always'] },
    ]);
    expect(await groups('?muted=false')).toEqual([]);
  });

  it('while its parent fires says by whom, is told when the parent ends, and others are told at once', async () => {
    await fire({ alertname: 'SiteDown', site: 'rome' });
    await fire({ alertname: 'ProbeFailed', site: 'rome' }, { alertname: 'ProbeFailed', site: 'oslo' });
    await eventually('the others are told', () => told().includes('firing ProbeFailed oslo'));
    const alerts = (await server.get('/api/v2/alerts')).body as Gettable[];
    const find = (alertname: string, site: string): Gettable | undefined =>
      alerts.find(({ labels }) => labels.alertname === alertname && labels.site === site);
    const parent = find('SiteDown', 'rome')?.fingerprint ?? '';
    expect(find('ProbeFailed', 'rome')?.status).toMatchObject({ state: 'suppressed', inhibitedBy: [parent] });
    expect(find('ProbeFailed', 'oslo')?.status).toMatchObject({ state: 'active', inhibitedBy: [] });
    expect((await heldBack()).filter(({ reason }) => reason === 'inhibited')).toMatchObject([
      { detail: `ProbeFailed: ${parent}` },
    ]);
    expect(told()).not.toContain('firing ProbeFailed rome');

    const endsAt = new Date().toISOString();
    await server.post('/api/v2/alerts', [{ labels: { alertname: 'SiteDown', site: 'rome' }, endsAt }]);
    await eventually('the child is told', () => told().includes('firing ProbeFailed rome'));
  });

  it('is not what another Alertmanager or Grafana tells: that comes in by webhook and goes out', async () => {
    const alert = { status: 'firing', labels: { alertname: 'FromAfar' }, startsAt: new Date().toISOString() };
    const grafana = { status: 'firing', labels: { alertname: 'FromGrafana' }, values: { B: 7 } };
    const webhook = '/api/opsroom/webhook';
    const first = await server.post(`${webhook}/alertmanager`, { version: '4', alerts: [alert] });
    expect(first).toEqual({ status: 200, body: { received: 1 } });
    const second = await server.post(`${webhook}/grafana`, { version: '1', alerts: [grafana] });
    expect(second).toEqual({ status: 200, body: { received: 1 } });
    await eventually('both are told', () => ['FromAfar', 'FromGrafana'].every((n) => told().includes(`firing ${n} `)));
    await server.post(`${webhook}/alertmanager`, { version: '4', alerts: [{ ...alert, status: 'resolved' }] });
    await eventually('its end is told', () => told().includes('resolved FromAfar '));
    expect(await server.post(`${webhook}/alertmanager`, { version: '3', alerts: [] })).toMatchObject({
      status: 400,
      body: { error: { code: 'bad_request', message: expect.stringContaining('version') } },
    });
  });
});
