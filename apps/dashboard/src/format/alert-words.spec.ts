import type { AlertOutcome, AlertView, SilenceView } from '@opsroom/contracts';
import { heldText, linkOutcomeText, measuredText, outcomeText, suppressionText, tellingLabels } from './alert-words.js';
import { alertOf } from './alert.fixture.js';

const rule = (expr: string): AlertView['origin'] => ({ kind: 'rule', file: '', group: '', expr, health: 'ok' });
const now = new Date(2026, 2, 10, 3).getTime();
const nine = new Date(2026, 2, 10, 9).getTime();

describe('measuredText', () => {
  it.each<[string, AlertView['value'], AlertView['origin'], string]>([
    ['a threshold with its unit', 87.04, rule('100 - avg(x) * 100 > 80'), '87 % > 80 %'],
    ['bytes', 1024 ** 3, rule('node_memory_MemAvailable_bytes < 2e9'), '1 GiB < 1.86 GiB'],
    ['no plain threshold', 3, rule('a > b'), '3'],
    ['what something is', 0, rule('up == 0'), 'is 0'],
    ['what something is not', 3, rule('replicas != 5'), '3 is not 5'],
    ['not a number', 'NaN', rule('x > 0'), 'NaN > 0'],
    ['no value', null, rule('up == 0'), ''],
    ['an alert from elsewhere', 12_000, { kind: 'received', generatorUrl: '' }, '12 k'],
  ])('tells %s', (_, value, origin, text) => {
    expect(measuredText(alertOf('A', { value, origin }))).toBe(text);
  });
});

describe('heldText', () => {
  it.each([
    [{}, 'ana'],
    [{ untilMs: nine }, 'ana until 09:00'],
    [{ untilWorse: true }, 'ana until it gets worse'],
  ])('names who has it and for how long: %j', (more, text) => {
    expect(heldText(alertOf('A', { acknowledgement: { by: 'ana', atMs: 1, note: '', ...more } }), now)).toBe(text);
  });

  it('is empty while nobody has it', () => {
    expect(heldText(alertOf('A'), now)).toBe('');
  });
});

describe('tellingLabels', () => {
  it('begins with the instance and leaves out name and severity', () => {
    const labels = { alertname: 'A', severity: 'critical', job: 'node', instance: 'web-1', dc: 'x' };
    expect(tellingLabels(labels).map(([name]) => name)).toEqual(['instance', 'dc', 'job']);
  });
});

describe('suppressionText', () => {
  const silence = (id: string, endsAtMs: number, comment: string): SilenceView => ({
    id,
    matchers: [],
    startsAtMs: 0,
    endsAtMs,
    comment,
    createdBy: 'ana',
    state: 'active',
    matching: 1,
    updatedAtMs: 0,
  });
  const down = alertOf('HostDown', { labels: { instance: 'web-1' } });
  const reasons = {
    silences: [
      silence('1', now + 1, 'short'),
      silence('2', nine, 'Backups are moved'),
      silence('3', nine + 1, 'other'),
    ],
    alerts: new Map([[down.fingerprint, down]]),
    nowMs: now,
  };
  const textOf = (...suppressedBy: AlertView['suppressedBy']): string =>
    suppressionText(alertOf('A', { suppressedBy }), reasons);

  it('says until when and why, by the silence that ends last, and by which alert', () => {
    expect(
      textOf(
        { kind: 'silence', silenceId: '1' },
        { kind: 'silence', silenceId: '2' },
        { kind: 'inhibition', bySource: down.fingerprint },
      ),
    ).toBe('silenced until 09:00: Backups are moved, inhibited by HostDown web-1');
  });

  it('says which time mutes it', () => {
    expect(textOf({ kind: 'mute_time', intervals: ['nights', 'weekends'] })).toBe('muted in nights, weekends');
    expect(textOf({ kind: 'active_time', intervals: ['work'] })).toBe('muted outside work');
  });

  it('says what it knows when the silence or the alert is not known here', () => {
    expect(textOf({ kind: 'silence', silenceId: '9' })).toBe('silenced');
    expect(textOf({ kind: 'inhibition', bySource: 'ab12' })).toBe('inhibited by ab12');
    expect(textOf()).toBe('');
  });
});

describe('outcomeText', () => {
  const [a, b] = [alertOf('A'), alertOf('B')];
  const of = (alert: AlertView, more: Partial<AlertOutcome>): AlertOutcome => ({
    fingerprint: alert.fingerprint,
    episode: alert.episode,
    done: false,
    ...more,
  });

  it.each<[AlertOutcome[], string]>([
    [[of(a, { done: true })], 'A acknowledged'],
    [[of(a, { done: true }), of(b, { done: true })], '2 alerts acknowledged'],
    [[of(a, { reason: 'already_acknowledged', winner: 'ben' })], 'A: ben already has it'],
    [
      [of(a, { done: true }), of(b, { reason: 'episode_over' })],
      '1 of 2 alerts acknowledged; it has resolved meanwhile',
    ],
  ])('sums up %j', (outcomes, text) => {
    expect(outcomeText(outcomes, [a, b], 'acknowledged')).toBe(text);
  });
});

describe('linkOutcomeText', () => {
  const of = (more: Partial<AlertOutcome>): AlertOutcome => ({ fingerprint: 'a', episode: 'e', done: false, ...more });

  it.each<[AlertOutcome, RegExp]>([
    [of({ done: true }), /^Acknowledged for on-call\./],
    [of({ reason: 'already_acknowledged', winner: 'ben' }), /^ben was first and has it\./],
    [of({ reason: 'episode_over' }), /resolved meanwhile/],
    [of({ reason: 'unknown_alert' }), /^Not acknowledged: it is gone\.$/],
  ])('tells of %j', (outcome, text) => {
    expect(linkOutcomeText(outcome, 'on-call')).toMatch(text);
  });
});
