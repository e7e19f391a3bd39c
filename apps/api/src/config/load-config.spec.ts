import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from './config-error.js';
import { loadConfig } from './load-config.js';
import { parseProcessOptions } from './process-options.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'opsroom-config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function load(text: string, argv: string[] = []) {
  writeFileSync(join(folder, 'opsroom.yml'), text);
  return loadConfig(parseProcessOptions(['--config', 'opsroom.yml', ...argv], {}, folder));
}

function problems(text: string, argv: string[] = []): readonly string[] {
  try {
    load(text, argv);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const PROMETHEUS = `
# my global config
global:
  scrape_interval: 15s # Set the scrape interval to every 15 seconds.
  evaluation_interval: 15s
  external_labels: {monitor: 'codelab', version: 1.10}

alerting:
  alertmanagers:
    - static_configs:
        - targets:
          # - alertmanager:9093

rule_files:
  - "rules/*.yml"

scrape_configs:
  - job_name: "prometheus"
    static_configs:
      - targets: ["localhost:9090"]
        labels:
          app: "prometheus"
  - job_name: kubernetes
    kubernetes_sd_configs:
      - role: node
    relabel_configs:
      - action: labelmap
        regex: __meta_kubernetes_node_label_(.+)
    scrape_interval: 5s
storage:
  tsdb:
    out_of_order_time_window: 30m
remote_write:
  - url: http://user:hunter2@remote1/push
    queue_config: {max_shards: 5}
`;

const ALERTMANAGER = `
global:
  smtp_smarthost: 'localhost:25'
  smtp_from: 'alertmanager@example.org'
  smtp_auth_password: 'sesame'
  slack_api_url: 'https://hooks.slack.example/T0/B0/abc'
templates:
  - 'templates/*.tmpl'
route:
  group_by: ['alertname', 'cluster']
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 3h
  receiver: team-X-mails
  routes:
    - match_re:
        service: ^(foo1|foo2|baz)$
      receiver: team-X-mails
      routes:
        - match: {severity: critical}
          receiver: team-X-pager
    - matchers:
        - severity =~ "warning|info"
        - 'team="x", "ü"=y'
      mute_time_intervals: [nights]
      continue: true
inhibit_rules:
  - source_matchers: [severity="critical"]
    target_match: {severity: 'warning'}
    equal: ['alertname', 'cluster']
    parent_labels: {parent: instance}
receivers:
  - name: 'team-X-mails'
    email_configs:
      - to: 'team-X+alerts@example.org'
    slack_configs:
      - channel: '#ops'
        fields:
          - {title: Where, value: '{{ .CommonLabels.instance }}', short: true}
  - name: 'team-X-pager'
    pagerduty_configs:
      - service_key: pagerduty-key
    webhook_configs:
      - url: https://hook.example/secret-path
        http_config: {basic_auth: {username: u, password: p}}
time_intervals:
  - name: nights
    time_intervals:
      - times: [{start_time: '00:00', end_time: '06:00'}, {start_time: '22:30', end_time: '24:00'}]
        weekdays: ['monday:friday', sunday]
        days_of_month: ['1:5', '-3:-1']
        months: [january, '3:5']
        years: ['2026:2027']
        location: Europe/Berlin
`;

describe('loadConfig', () => {
  it('has a default for everything', () => {
    const config = loadConfig(parseProcessOptions([], {}, folder));
    expect(config).toMatchObject({
      storage: { retentionMs: 15 * 86_400_000, outOfOrderWindowMs: 0 },
      query: { lookbackMs: 300_000, experimentalFunctions: false },
      accounts: { anonymous: undefined },
      route: undefined,
      text: '',
      warnings: [],
    });
    expect(config.flags['storage.retention']).toBe('15d');
  });

  it('reads an empty file as no file', () => {
    expect(load('# nothing yet\n').storage.retentionMs).toBe(15 * 86_400_000);
  });

  it('reads a prometheus.yml as it is', () => {
    const config = load(PROMETHEUS);
    expect(config.global).toEqual({
      scrapeIntervalMs: 15_000,
      evaluationIntervalMs: 15_000,
      externalLabels: { monitor: 'codelab', version: '1.10' },
      ruleQueryOffsetMs: 0,
    });
    expect(config.ruleFiles).toEqual([join(folder, 'rules/*.yml')]);
    expect(config.storage.outOfOrderWindowMs).toBe(1_800_000);
    expect(config.scrapeConfigs.map((one) => [one.jobName, one.scrapeIntervalMs, one.scrapeTimeoutMs])).toEqual([
      ['prometheus', 15_000, 10_000],
      ['kubernetes', 5000, 5000],
    ]);
    expect(config.warnings).toEqual([
      'opsroom.yml:17: scrape_configs is checked, but Opsroom does not scrape yet; send samples by remote write to /api/v1/write',
      'opsroom.yml:33: remote_write is checked, but nothing is sent on',
      'opsroom.yml:8: alerting is not used: Opsroom notifies by itself, see route and receivers',
    ]);
  });

  it('reads an alertmanager.yml as it is', () => {
    const config = load(ALERTMANAGER);
    expect(config.route).toMatchObject({
      receiver: 'team-X-mails',
      groupBy: ['alertname', 'cluster'],
      groupWaitMs: 30_000,
      repeatIntervalMs: 10_800_000,
      routes: [
        {
          matchers: [{ name: 'service', operator: '=~', value: '^(foo1|foo2|baz)$' }],
          groupBy: undefined,
          routes: [{ matchers: [{ name: 'severity', operator: '=', value: 'critical' }], receiver: 'team-X-pager' }],
        },
        {
          receiver: undefined,
          continue: true,
          muteTimeIntervals: ['nights'],
          matchers: [
            { name: 'severity', operator: '=~', value: 'warning|info' },
            { name: 'team', operator: '=', value: 'x' },
            { name: 'ü', operator: '=', value: 'y' },
          ],
        },
      ],
    });
    expect(config.inhibitRules).toEqual([
      {
        sourceMatchers: [{ name: 'severity', operator: '=', value: 'critical' }],
        targetMatchers: [{ name: 'severity', operator: '=', value: 'warning' }],
        equal: ['alertname', 'cluster'],
        parentLabels: { parent: 'instance' },
      },
    ]);
    expect(config.receivers[0].emails[0]).toMatchObject({
      from: 'alertmanager@example.org',
      smarthost: 'localhost:25',
      authPassword: 'sesame',
      requireTls: true,
      sendResolved: false,
    });
    expect(config.receivers[0].slacks[0]).toMatchObject({
      apiUrl: 'https://hooks.slack.example/T0/B0/abc',
      channel: '#ops',
      title: '{{ template "slack.default.title" . }}',
    });
    expect(config.receivers[1].webhooks[0]).toMatchObject({
      sendResolved: true,
      http: { headers: { authorization: 'Basic dTpw' } },
    });
    expect(config.timeIntervals).toEqual([
      {
        name: 'nights',
        intervals: [
          {
            times: [
              { startMinute: 0, endMinute: 360 },
              { startMinute: 1350, endMinute: 1440 },
            ],
            weekdays: [
              { start: 1, end: 5 },
              { start: 0, end: 0 },
            ],
            daysOfMonth: [
              { start: 1, end: 5 },
              { start: -3, end: -1 },
            ],
            months: [
              { start: 1, end: 1 },
              { start: 3, end: 5 },
            ],
            years: [{ start: 2026, end: 2027 }],
            location: 'Europe/Berlin',
          },
        ],
      },
    ]);
    expect(config.templateFiles).toEqual([join(folder, 'templates/*.tmpl')]);
    expect(config.warnings).toEqual([
      'opsroom.yml:41: receivers[1].pagerduty_configs is not sent: receivers are webhook_configs, email_configs and slack_configs',
    ]);
  });

  it('shows no secret in the text for status pages', () => {
    const text = load(ALERTMANAGER).text + load(PROMETHEUS).text;
    for (const secret of [
      'sesame',
      'T0/B0',
      'pagerduty-key',
      'secret-path',
      'hunter2',
      'my global config',
      'password: p',
    ]) {
      expect(text).not.toContain(secret);
    }
    expect(text).toContain('<secret>');
    expect(text).toContain('http://user:xxxxx@remote1/push');
    expect(text).toContain('repeat_interval: 3h');
  });

  it('reads how receivers are reached', () => {
    writeFileSync(join(folder, 'ca.pem'), 'AUTHORITY\n');
    writeFileSync(join(folder, 'tenant'), 'acme\n');
    const config = load(`
global:
  smtp_smarthost: mail:465
  smtp_from: o@example.org
  smtp_tls_config: {insecure_skip_verify: true}
  http_config: {proxy_from_environment: true}
  slack_api_url: https://hooks.slack.example/x
route: {receiver: a}
receivers:
- name: a
  email_configs: [{to: a@example.org, force_implicit_tls: false}]
  slack_configs:
  - timeout: 3s
    actions: [{type: button, text: Runbook, url: '{{ .CommonAnnotations.runbook }}', confirm: {text: Sure?, ok_text: Yes}}]
  webhook_configs:
  - url: https://hook.example/x
    http_config:
      tls_config: {ca_file: ca.pem, key: PRIVATE, server_name: other, min_version: TLS12}
      proxy_url: http://user:hunter2@proxy:3128
      no_proxy: localhost
      http_headers: {X-Tenant: {values: [a], secrets: [hush], files: [tenant]}}
`);
    const [{ emails, slacks, webhooks }] = config.receivers;
    expect(emails[0]).toMatchObject({ implicitTls: false, tls: { insecureSkipVerify: true } });
    expect(slacks[0]).toMatchObject({ timeoutMs: 3_000, http: { headers: {}, proxy: {} } });
    expect(slacks[0].actions).toMatchObject([{ text: 'Runbook', confirm: { text: 'Sure?', okText: 'Yes' } }]);
    expect(webhooks[0].http).toEqual({
      headers: { 'x-tenant': 'a, hush, acme' },
      tls: { insecureSkipVerify: false, ca: 'AUTHORITY', key: 'PRIVATE', serverName: 'other', minVersion: 'TLSv1.2' },
      proxy: { url: 'http://user:hunter2@proxy:3128', noProxy: 'localhost' },
    });
    expect(config.warnings).toEqual([]);
    for (const secret of ['PRIVATE', 'hush', 'hunter2']) expect(config.text).not.toContain(secret);
    expect(config.text).toContain('values:');
  });

  it('reads secrets from the files that *_file keys name', () => {
    writeFileSync(join(folder, 'hook'), 'https://hook.example/x\n');
    const config = load('route: {receiver: a}\nreceivers: [{name: a, webhook_configs: [{url_file: hook}]}]');
    expect(config.receivers[0].webhooks[0].url).toBe('https://hook.example/x');
  });

  it('lets switches win over the file', () => {
    const text = 'storage: {retention: 3d, fsync_interval: 2s}\n';
    const config = load(text, ['--storage.retention', '0', '--storage.out-of-order-window', 'unlimited']);
    expect(config.storage).toMatchObject({ retentionMs: 0, fsyncIntervalMs: 2000, outOfOrderWindowMs: Infinity });
  });

  it.each<[string, string[], string]>([
    ['\nstorage:\n  retenton: 3d\n', [], 'opsroom.yml:3: unknown key "retenton" in storage; did you mean "retention"?'],
    ['storag: {}\n', [], 'opsroom.yml:1: unknown key "storag"; did you mean "storage"?'],
    [
      'storage:\n  retention: 3 days\n',
      [],
      'opsroom.yml:2: storage.retention "3 days" is not a duration; write it as 15d, 1h30m or 90s',
    ],
    ['', ['--query.timeout', 'soon'], '--query.timeout: "soon" is not a duration; write it as 15d, 1h30m or 90s'],
    ['a: [1\n', [], 'opsroom.yml:2: '],
    ['topics: {}\ntopics: {}\n', [], 'opsroom.yml:2: Map keys must be unique'],
    ['storage: [1]\n', [], 'opsroom.yml:1: storage a list is not a mapping of keys to values'],
    [
      'accounts: {anonymous: root}\n',
      [],
      'opsroom.yml:1: accounts.anonymous "root" is not one of viewer, responder, administrator',
    ],
    ['route:\n  group_wait: 5s\nreceivers: [{name: a}]\n', [], 'opsroom.yml:2: the first route needs a receiver'],
    [
      'route:\n  receiver: a\n  routes:\n    - receiver: b\nreceivers: [{name: a}]\n',
      [],
      'opsroom.yml:4: there is no receiver "b"; known: a',
    ],
    ['route: {receiver: a, repeat_interval: 0s}\n', [], 'opsroom.yml:1: route.repeat_interval must be longer than 0s'],
    [
      'route:\n  receiver: a\n  routes:\n    - matchers:\n        - severity=~"("\nreceivers: [{name: a}]\n',
      [],
      'opsroom.yml:5: route.routes[0].matchers[0] bad regular expression in matcher severity=~: ',
    ],
    [
      'route: {receiver: a}\nreceivers:\n  - name: a\n    email_configs:\n      - to: x@example.org\n',
      [],
      'opsroom.yml:5: e-mail needs from here or smtp_from in global',
    ],
    [
      'receivers:\n  - name: a\n    mail_configs: []\n',
      [],
      'opsroom.yml:3: unknown key "mail_configs" in receivers; did you mean "email_configs"?',
    ],
    ['scrape_configs: [{metrics_path: /m}]\n', [], 'opsroom.yml:1: scrape_configs[0].job_name is missing'],
    [
      'accounts:\n  anonymous: responder\n',
      ['--host', '0.0.0.0'],
      'opsroom.yml:2: "responder" would let anybody who reaches 0.0.0.0 act: use viewer, or bind to loopback with --host 127.0.0.1',
    ],
    [
      'time_intervals:\n  - name: a\n    time_intervals:\n      - weekdays: [friday:monday]\n',
      [],
      'opsroom.yml:4: time_intervals[0].time_intervals[0].weekdays[0] "friday:monday" is not a day or range of days such as monday:friday',
    ],
  ])('says what is wrong in %j %j', (text, argv, message) => {
    expect(problems(text, argv)[0] ?? 'nothing').toContain(message);
  });

  it('lets strangers do everything on loopback', () => {
    expect(load('', ['--accounts.anonymous', 'administrator']).accounts.anonymous).toBe('administrator');
  });

  it('names all that is wrong, not only the first', () => {
    expect(problems('storage: {a: 1, retention: x}\ntopics: {linger: -1s}\nfoo: 1\n')).toHaveLength(4);
  });

  it('says which file is missing', () => {
    expect(() => loadConfig(parseProcessOptions(['--config', 'none.yml'], {}, folder))).toThrow(
      'cannot read the configuration',
    );
  });
});
