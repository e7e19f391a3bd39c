import { HttpSink, SmtpSink } from '../../apps/api/src/notifications/notifiers/sinks.fixture.js';
import { eventually } from '../support/eventually.fixture.js';
import { TellingServer } from './telling-server.fixture.js';

const LINK = '/api/opsroom/acknowledge-link';

/** A mail's text without the encoding that SMTP's short lines ask for (quoted-printable, RFC 2045). */
function plain(mail: string): string {
  return mail
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

describe('the link in a message', () => {
  let smtp: SmtpSink;
  let hook: HttpSink;
  let server: TellingServer;

  beforeAll(async () => {
    smtp = await SmtpSink.start();
    hook = await HttpSink.start();
    server = await TellingServer.start(`
route: {receiver: team, group_by: [alertname], group_wait: 0s, group_interval: 1s}
receivers:
- name: team
  email_configs: [{to: team@example.org, from: ops@example.org, smarthost: '${smtp.smarthost}', require_tls: false}]
  webhook_configs: [{url: '${hook.url}'}]
`);
  }, 60_000);

  afterAll(async () => {
    await server.stop();
    await Promise.all([smtp.stop(), hook.stop()]);
  });

  /** The token in the mail about an alert that has just been sent. */
  async function mailedToken(alertname: string): Promise<string> {
    expect((await server.post('/api/v2/alerts', [{ labels: { alertname } }])).status).toBe(200);
    const mail = await eventually('the mail came', () =>
      smtp.messages.map(plain).find((one) => one.includes(alertname)),
    );
    return /\/acknowledge\?token=([\w.-]+)/.exec(mail)?.[1] ?? 'no link in the mail';
  }

  it('acknowledges the alert of a mail, once, in the receiver’s name', async () => {
    const token = await mailedToken('DiskFull');
    const looked = await server.get(`${LINK}?token=${token}`);
    expect(looked).toMatchObject({
      status: 200,
      body: { receiver: 'team', alert: { labels: { alertname: 'DiskFull' }, condition: 'firing' } },
    });
    expect(looked.body).not.toHaveProperty('alert.acknowledgement');
    expect(await server.post(LINK, { token })).toMatchObject({ status: 200, body: { outcome: { done: true } } });

    // The message to the webhook has a link of its own, which shows what the first has done.
    const { alerts } = hook.requests[0].body as { alerts: { acknowledgeURL: string }[] };
    const other = new URL(alerts[0].acknowledgeURL).searchParams.get('token') ?? '';
    expect(await server.get(`${LINK}?token=${other}`)).toMatchObject({
      body: { alert: { acknowledgement: { by: 'link to team' } } },
    });

    const used = { status: 409, body: { error: { code: 'conflict', message: expect.stringContaining('been used') } } };
    expect(await server.post(LINK, { token })).toMatchObject(used);
    expect(await server.get(`${LINK}?token=${token}`)).toMatchObject(used);
  });

  it('says that its alert has resolved, and acknowledges nothing', async () => {
    const token = await mailedToken('Flooded');
    await server.post('/api/v2/alerts', [{ labels: { alertname: 'Flooded' }, endsAt: new Date().toISOString() }]);
    await eventually('the end was told', () =>
      hook.requests.some(({ body }) => (body as { status: string }).status === 'resolved'),
    );
    expect(await server.get(`${LINK}?token=${token}`)).toMatchObject({ body: { alert: { condition: 'resolved' } } });
    expect(await server.post(LINK, { token })).toMatchObject({
      status: 200,
      body: { outcome: { done: false, reason: 'episode_over' } },
    });
  });

  it('is refused when it was altered', async () => {
    const token = await mailedToken('Tampered');
    const [payload, signature] = token.split('.');
    const grant = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...grant, receiver: 'somebody' })).toString('base64url');
    expect(await server.post(LINK, { token: `${forged}.${signature}` })).toMatchObject({ status: 400 });
    expect(await server.post(LINK, { token })).toMatchObject({ body: { outcome: { done: true } } });
  });
});
