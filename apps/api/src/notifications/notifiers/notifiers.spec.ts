import type { EmailConfig, HttpClientConfig, SlackConfig, TlsConfig } from '../../config/config.js';
import { exampleMessage } from '../message.fixture.js';
import { Renderer } from '../templates/renderer.js';
import { emailNotifier } from './email.notifier.js';
import { HttpSink, ProxySink, SmtpSink } from './sinks.fixture.js';
import { slackNotifier } from './slack.notifier.js';
import { TEST_CERTIFICATE, TEST_KEY } from './tls.fixture.js';
import { webhookNotifier } from './webhook.notifier.js';

const renderer = new Renderer([], () => 1_700_000_000_000);
const webhook = (url: string, maxAlerts = 0, http: HttpClientConfig = { headers: {} }) =>
  webhookNotifier('team', 0, { sendResolved: true, url, maxAlerts, timeoutMs: 0, http });

describe('the webhook notifier', () => {
  it('posts Alertmanager’s payload, version 4', async () => {
    const sink = await HttpSink.start();
    await webhook(sink.url).send(exampleMessage(), 'opsroom-7');
    await sink.stop();
    expect(sink.requests[0].headers['idempotency-key']).toBe('opsroom-7');
    expect(sink.requests[0].body).toMatchObject({
      version: '4',
      status: 'firing',
      receiver: 'team',
      groupKey: '{}:{alertname="HighCpu"}',
      groupLabels: { alertname: 'HighCpu' },
      commonLabels: { alertname: 'HighCpu', severity: 'critical' },
      commonAnnotations: {},
      externalURL: 'http://ops',
      truncatedAlerts: 0,
      alerts: [
        { status: 'firing', startsAt: '2023-11-14T22:13:20.000Z', endsAt: '0001-01-01T00:00:00Z', fingerprint: 'a' },
        { status: 'resolved', endsAt: '2023-11-14T22:14:20.000Z', fingerprint: 'b', acknowledgeURL: '' },
      ],
    });
  });

  it('says how many alerts it left out', async () => {
    const sink = await HttpSink.start();
    await webhook(sink.url, 1).send(exampleMessage(), 'x');
    await sink.stop();
    expect(sink.requests[0].body).toMatchObject({ truncatedAlerts: 1, alerts: [{ fingerprint: 'a' }] });
  });

  it.each([
    [500, true],
    [429, true],
    [404, false],
    [400, false],
  ])('an answer of %d: may another attempt help? %s', async (status, retryable) => {
    const sink = await HttpSink.start([status], 'no');
    await expect(webhook(sink.url).send(exampleMessage(), 'x')).rejects.toMatchObject({ retryable });
    await sink.stop();
  });

  it('may try again when nobody answers, and never shows the address’s path', async () => {
    const sink = await HttpSink.start();
    const { url } = sink;
    await sink.stop();
    await expect(webhook(url).send(exampleMessage(), 'x')).rejects.toMatchObject({
      retryable: true,
      message: expect.not.stringContaining('/hook'),
    });
  });
});

describe('the HTTP client of a configuration', () => {
  const tls = { insecureSkipVerify: false, ca: TEST_CERTIFICATE, serverName: 'hook.example' };

  it('sends its headers', async () => {
    const sink = await HttpSink.start();
    await webhook(sink.url, 0, { headers: { authorization: 'Bearer t', 'x-tenant': 'a' } }).send(exampleMessage(), 'x');
    await sink.stop();
    expect(sink.requests[0].headers).toMatchObject({ authorization: 'Bearer t', 'x-tenant': 'a' });
  });

  it.each<[string, TlsConfig]>([
    ['its certificate authority', tls],
    ['nobody, when it is told to', { insecureSkipVerify: true }],
  ])('asks %s who the receiver is', async (_, config) => {
    const sink = await HttpSink.start([200], 'ok', { key: TEST_KEY, cert: TEST_CERTIFICATE });
    await webhook(sink.url, 0, { headers: {}, tls: config }).send(exampleMessage(), 'x');
    await sink.stop();
    expect(sink.requests).toHaveLength(1);
  });

  it.each<[string, TlsConfig | undefined, RegExp]>([
    ['that nobody vouches for', undefined, /self-signed certificate/],
    ['with another name', { ...tls, serverName: 'other.example' }, /does not match/],
    ['that speaks another version', { ...tls, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }, /did not answer/],
  ])('tells nothing to a receiver %s', async (_, config, why) => {
    const sink = await HttpSink.start([200], 'ok', { key: TEST_KEY, cert: TEST_CERTIFICATE });
    const hook = webhook(sink.url, 0, { headers: {}, ...(config && { tls: config }) });
    await expect(hook.send(exampleMessage(), 'x')).rejects.toMatchObject({
      retryable: true,
      message: expect.stringMatching(why),
    });
    await sink.stop();
    expect(sink.requests).toEqual([]);
  });

  it('goes by its proxy, with and without a tunnel, but not to hosts that need none', async () => {
    const plain = await HttpSink.start();
    const secure = await HttpSink.start([200], 'ok', { key: TEST_KEY, cert: TEST_CERTIFICATE });
    const proxy = await ProxySink.start();
    const by = (noProxy?: string): HttpClientConfig => ({
      headers: {},
      tls,
      proxy: { url: proxy.url, ...(noProxy !== undefined && { noProxy }) },
    });
    await webhook(plain.url, 0, by()).send(exampleMessage(), 'x');
    await webhook(secure.url, 0, by()).send(exampleMessage(), 'x');
    await webhook(plain.url, 0, by('127.0.0.1')).send(exampleMessage(), 'x');
    const asked = [`POST ${plain.url}`, `CONNECT ${new URL(secure.url).host}`];
    await Promise.all([plain.stop(), secure.stop(), proxy.stop()]);
    expect([plain.requests.length, secure.requests.length]).toEqual([2, 1]);
    expect(proxy.asked).toEqual(asked);
  });
});

describe('the e-mail notifier', () => {
  const config = (smarthost: string): EmailConfig => ({
    sendResolved: true,
    to: 'ops@example.org',
    from: 'opsroom@example.org',
    smarthost,
    hello: 'localhost',
    authUsername: '',
    authPassword: '',
    requireTls: false,
    headers: { Subject: 'Alert: {{ .CommonLabels.alertname }}', 'X-Team': '{{ .Receiver }}' },
    html: '{{ template "email.default.html" . }}',
    text: '',
  });

  it('sends text and HTML with the headers of the configuration, under an id that stays', async () => {
    const sink = await SmtpSink.start();
    await emailNotifier('team', 0, config(sink.smarthost), renderer).send(exampleMessage(), 'opsroom-7');
    await sink.stop();
    const [mail] = sink.messages;
    expect(mail).toContain('Subject: Alert: HighCpu');
    expect(mail).toContain('X-Team: team');
    expect(mail).toContain('Message-ID: <opsroom-7@localhost>');
    expect(mail).toContain('Content-Type: text/html');
    expect(mail).toContain('CPU of a is high');
  });

  it('speaks TLS from the start where it is told to, with its certificate authority', async () => {
    const sink = await SmtpSink.start(undefined, { key: TEST_KEY, cert: TEST_CERTIFICATE });
    const tls = { insecureSkipVerify: false, ca: TEST_CERTIFICATE, serverName: 'hook.example' };
    const send = (own: Partial<EmailConfig>) =>
      emailNotifier('team', 0, { ...config(sink.smarthost), implicitTls: true, ...own }, renderer).send(
        exampleMessage(),
        'x',
      );
    await send({ tls });
    await expect(send({})).rejects.toMatchObject({ message: expect.stringContaining('self-signed') });
    await sink.stop();
    expect(sink.messages).toHaveLength(1);
  });

  it.each([
    ['550 no such user', false],
    ['451 try later', true],
  ])('an answer of "%s": may another attempt help? %s', async (refusal, retryable) => {
    const sink = await SmtpSink.start(refusal);
    const notifier = emailNotifier('team', 0, config(sink.smarthost), renderer);
    await expect(notifier.send(exampleMessage(), 'x')).rejects.toMatchObject({ retryable });
    await sink.stop();
  });
});

describe('the Slack notifier', () => {
  const config = (apiUrl: string): SlackConfig => ({
    sendResolved: true,
    apiUrl,
    timeoutMs: 0,
    http: { headers: {} },
    channel: '#ops',
    username: '{{ template "slack.default.username" . }}',
    title: '{{ template "slack.default.title" . }}',
    titleLink: '{{ template "slack.default.titlelink" . }}',
    text: '{{ template "slack.default.text" . }}',
    color: '{{ template "slack.default.color" . }}',
  });

  it('posts an attachment made of the configuration’s templates', async () => {
    const sink = await HttpSink.start();
    await slackNotifier('team', 0, config(sink.url), renderer).send(exampleMessage(), 'x');
    await sink.stop();
    const { attachments, ...body } = sink.requests[0].body as { attachments: Record<string, string>[] };
    expect(body).toEqual({ channel: '#ops', username: 'Opsroom' });
    expect(attachments[0]).toMatchObject({
      title: '[FIRING:1] HighCpu (critical)',
      title_link: 'http://ops/alerts',
      color: 'danger',
    });
    expect(attachments[0].text).toContain('Acknowledge: http://ops/ack/a');
  });

  it('posts the configuration’s buttons', async () => {
    const sink = await HttpSink.start();
    const nothing = { style: undefined, name: undefined, value: undefined, confirm: undefined };
    const actions = [
      { ...nothing, type: 'button', text: 'Open {{ .CommonLabels.alertname }}', url: '{{ .ExternalURL }}' },
      {
        ...nothing,
        ...{
          type: 'button',
          text: 'Restart',
          url: undefined,
          name: 'restart',
          value: '{{ .GroupKey }}',
          style: 'danger',
        },
        confirm: { text: 'Sure?', title: undefined, okText: 'Yes', dismissText: '' },
      },
    ];
    const own = { ...config(sink.url), actions, callbackId: '{{ .Receiver }}', mrkdwnIn: ['text'] };
    await slackNotifier('team', 0, own, renderer).send(exampleMessage(), 'x');
    await sink.stop();
    const { attachments } = sink.requests[0].body as { attachments: object[] };
    expect(attachments[0]).toMatchObject({
      callback_id: 'team',
      mrkdwn_in: ['text'],
      actions: [
        { type: 'button', text: 'Open HighCpu', url: 'http://ops' },
        {
          ...{ type: 'button', text: 'Restart', name: 'restart', value: '{}:{alertname="HighCpu"}', style: 'danger' },
          confirm: { text: 'Sure?', ok_text: 'Yes' },
        },
      ],
    });
  });

  it.each([
    ['{"ok":false,"error":"channel_not_found"}', false],
    ['{"ok":false,"error":"ratelimited"}', true],
  ])('takes %s for a refusal; may another attempt help? %s', async (answer, retryable) => {
    const sink = await HttpSink.start([200], answer);
    const notifier = slackNotifier('team', 0, config(sink.url), renderer);
    await expect(notifier.send(exampleMessage(), 'x')).rejects.toMatchObject({ retryable });
    await sink.stop();
  });
});

describe('a template of the configuration', () => {
  it('may define a default template anew', () => {
    const own = new Renderer([{ name: 'own.tmpl', text: '{{ define "__subject" }}mine{{ end }}' }], () => 0);
    expect(own.render('{{ template "slack.default.title" . }}', exampleMessage())).toBe('mine');
  });

  it('that fails is not worth another attempt, and says where it failed', () => {
    expect(() => renderer.render('{{ .Nonsense }}', exampleMessage())).toThrow(
      expect.objectContaining({ retryable: false, message: expect.stringContaining('Nonsense') }),
    );
  });
});
