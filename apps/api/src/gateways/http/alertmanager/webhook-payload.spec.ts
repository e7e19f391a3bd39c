import { BadBody } from './postable.js';
import { FORGET_AFTER_MS, readAlertmanagerWebhook, readGrafanaWebhook } from './webhook-payload.js';

const NOW_MS = Date.parse('2026-01-31T12:00:00Z');
const ZERO = '0001-01-01T00:00:00Z';

const firing = {
  status: 'firing',
  labels: { alertname: 'DiskFull', instance: 'db-1' },
  annotations: { summary: 'nearly full' },
  startsAt: '2026-01-31T11:58:00.123456789Z',
  endsAt: ZERO,
  generatorURL: 'http://prometheus:9090/graph?g0.expr=disk',
  fingerprint: '8a9b1c2d3e4f5061',
};
const resolved = { ...firing, status: 'resolved', endsAt: '2026-01-31T11:59:00Z' };
const alertmanager = {
  receiver: 'opsroom',
  status: 'firing',
  alerts: [firing],
  groupLabels: { alertname: 'DiskFull' },
  commonLabels: firing.labels,
  commonAnnotations: firing.annotations,
  externalURL: 'http://alertmanager:9093',
  version: '4',
  groupKey: '{}:{alertname="DiskFull"}',
  truncatedAlerts: 0,
};
const grafanaAlert = {
  ...firing,
  values: { B: 22.5, C: 1 },
  valueString: "[ var='B' labels={instance=db-1} value=22.5 ]",
  silenceURL: 'https://grafana/alerting/silence/new',
  dashboardURL: 'https://grafana/d/abc',
  panelURL: '',
};
const grafana = {
  ...alertmanager,
  alerts: [grafanaAlert],
  version: '1',
  orgId: 1,
  title: 'DiskFull',
  state: 'alerting',
};

describe('a webhook of Alertmanager', () => {
  it('tells a beginning, which holds until its end is told', () => {
    expect(readAlertmanagerWebhook(alertmanager, NOW_MS)).toEqual({
      problems: [],
      alerts: [
        {
          labels: firing.labels,
          annotations: firing.annotations,
          generatorUrl: firing.generatorURL,
          startsAtMs: Date.parse('2026-01-31T11:58:00.123Z'),
          endsAtMs: NOW_MS + FORGET_AFTER_MS,
        },
      ],
    });
  });

  it.each([
    ['its time', resolved, Date.parse(resolved.endsAt)],
    ['no time', { ...resolved, endsAt: ZERO }, NOW_MS],
    ['a time of a clock that is ahead', { ...resolved, endsAt: '2026-01-31T13:00:00Z' }, NOW_MS],
  ])('tells an end with %s', (_, alert, endsAtMs) => {
    const { alerts } = readAlertmanagerWebhook({ ...alertmanager, status: 'resolved', alerts: [alert] }, NOW_MS);
    expect(alerts).toMatchObject([{ labels: firing.labels, endsAtMs }]);
  });

  it.each([
    ['a list', [], /not the payload of Alertmanager’s webhook/],
    ['nothing', undefined, /not the payload/],
    ['without alerts', { version: '4' }, /alerts/],
    ['of another version', { ...alertmanager, version: '3' }, /version: must be "4".*and is "3"/],
    ['of Grafana', grafana, /\/api\/opsroom\/webhook\/grafana/],
  ])('is refused when it is %s', (_, body, why) => {
    expect(() => readAlertmanagerWebhook(body, NOW_MS)).toThrow(BadBody);
    expect(() => readAlertmanagerWebhook(body, NOW_MS)).toThrow(why);
  });

  it.each([
    ['status', { ...firing, status: 'burning' }, /^alert 1: status: /],
    ['labels', { ...firing, labels: {} }, /^alert 1: labels: at least one/],
    ['times', { ...firing, startsAt: 'today' }, /^alert 1: startsAt: must be a time/],
  ])('with wrong %s of one alert still tells the others', (_, bad, problem) => {
    const { alerts, problems } = readAlertmanagerWebhook({ ...alertmanager, alerts: [firing, bad] }, NOW_MS);
    expect(alerts).toHaveLength(1);
    expect(problems).toEqual([expect.stringMatching(problem)]);
  });
});

describe('a webhook of Grafana', () => {
  it('tells values and links as annotations', () => {
    const { alerts, problems } = readGrafanaWebhook(grafana, NOW_MS);
    expect(problems).toEqual([]);
    expect(alerts[0].annotations).toEqual({
      summary: 'nearly full',
      values: 'B=22.5, C=1',
      valueString: grafanaAlert.valueString,
      silenceURL: grafanaAlert.silenceURL,
      dashboardURL: grafanaAlert.dashboardURL,
    });
  });

  it('leaves an alert’s own annotations as they are, and takes values of none', () => {
    const own = { ...grafanaAlert, annotations: { values: 'mine' }, values: null };
    const none = { ...grafanaAlert, values: { B: null } };
    const { alerts } = readGrafanaWebhook({ ...grafana, alerts: [own, none] }, NOW_MS);
    expect(alerts.map(({ annotations }) => annotations.values)).toEqual(['mine', 'B=none']);
  });

  it('is refused when it is the one of Grafana before 9, which names no alerts', () => {
    expect(() => readGrafanaWebhook({ ruleName: 'Disk', state: 'alerting' }, NOW_MS)).toThrow(
      /a webhook of Grafana’s alerting: alerts/,
    );
  });
});
