import type { AlertView } from '@opsroom/contracts';
import { alertView } from '../../../notifications/alert-view.fixture.js';
import { isWanted, readFilter } from './alert-filter.js';
import { gettableAlert, gettableSilence } from './gettable.js';
import { originalConfig } from './original-config.js';
import { BadBody, readAlerts, readSilence } from './postable.js';

const NOW_MS = 1_700_000_000_000;
const firing = alertView({ fingerprint: 'a' });
const silenced: AlertView = { ...firing, suppressedBy: [{ kind: 'silence', silenceId: 's1' }] };
const inhibited: AlertView = { ...firing, suppressedBy: [{ kind: 'inhibition', bySource: 'f2' }] };
const muted: AlertView = { ...firing, suppressedBy: [{ kind: 'mute_time', intervals: ['nights'] }] };

describe('alerts that are posted', () => {
  it('take Go’s zero time for one that was not given', () => {
    const zero = '0001-01-01T00:00:00.000Z';
    const { alerts } = readAlerts([{ labels: { alertname: 'X' }, startsAt: '2023-11-14T22:13:20Z', endsAt: zero }]);
    expect(alerts).toEqual([{ labels: { alertname: 'X' }, annotations: {}, generatorUrl: '', startsAtMs: NOW_MS }]);
  });

  it.each([
    ['without labels', { labels: {} }, /alert 1: labels: at least one/],
    [
      'that end before they start',
      { labels: { a: 'b' }, startsAt: '2026-01-02T00:00:00Z', endsAt: '2026-01-01T00:00:00Z' },
      /alert 1: start time must be before/,
    ],
    ['with a time that is none', { labels: { a: 'b' }, startsAt: 'yesterday' }, /alert 1: startsAt: must be a time/],
  ])('are refused one by one: %s', (_, bad, problem) => {
    const { alerts, problems } = readAlerts([{ labels: { alertname: 'fine' } }, bad]);
    expect(alerts).toHaveLength(1);
    expect(problems).toEqual([expect.stringMatching(problem)]);
  });

  it('must be a list', () => {
    expect(() => readAlerts({})).toThrow(BadBody);
  });
});

describe('a silence that is posted', () => {
  const body = { startsAt: '2023-11-14T22:13:20Z', endsAt: '2023-11-14T23:13:20Z', createdBy: 'ana', comment: 'why' };

  it.each([
    [{ isRegex: false }, '='],
    [{ isRegex: true }, '=~'],
    [{ isRegex: false, isEqual: false }, '!='],
    [{ isRegex: true, isEqual: false }, '!~'],
  ])('with the matcher flags %j has the operator %s', (flags, operator) => {
    const { draft } = readSilence({ ...body, matchers: [{ name: 'n', value: 'v', ...flags }] }, 0);
    expect(draft.matchers).toEqual([{ name: 'n', value: 'v', operator }]);
  });

  it('must end', () => {
    const matchers = [{ name: 'n', value: 'v', isRegex: false }];
    expect(() => readSilence({ ...body, matchers, endsAt: '0001-01-01T00:00:00Z' }, 0)).toThrow('a silence must end');
  });
});

describe('what is shown', () => {
  const context = { receivers: ['team'], generatorUrl: 'http://ops', expiresMs: NOW_MS + 300_000 };

  it('says that an alert is suppressed, and by what', () => {
    expect(gettableAlert(silenced, context).status).toEqual({
      state: 'suppressed',
      silencedBy: ['s1'],
      inhibitedBy: [],
      mutedBy: [],
    });
    expect(gettableAlert(firing, { ...context, mutedBy: ['nights'] }).status).toEqual({
      state: 'suppressed',
      silencedBy: [],
      inhibitedBy: [],
      mutedBy: ['nights'],
    });
  });

  it('says when an alert that fires would be over if it were not heard of again', () => {
    expect(gettableAlert(firing, context)).toMatchObject({
      receivers: [{ name: 'team' }],
      generatorURL: 'http://ops',
      endsAt: '2023-11-14T22:18:20.000Z',
      status: { state: 'active' },
    });
  });

  it.each([
    [firing, {}, true],
    [firing, { active: 'false' }, false],
    [silenced, {}, true],
    [silenced, { active: 'false' }, true],
    [silenced, { silenced: 'false' }, false],
    [inhibited, { inhibited: 'false' }, false],
    [inhibited, { silenced: 'false' }, true],
    [inhibited, { inhibited: '0' }, false],
    [muted, { active: 'True' }, true],
    [muted, { active: 'no' }, false],
  ])('is what the flags of the query want', (alert, query, wanted) => {
    expect(isWanted(alert, query)).toBe(wanted);
  });

  it('reads filters, one or several, and says what is wrong with one', () => {
    expect(readFilter(['a="b"', 'c=~"d|e"'])).toEqual([
      { name: 'a', operator: '=', value: 'b' },
      { name: 'c', operator: '=~', value: 'd|e' },
    ]);
    expect(() => readFilter('a=~"("')).toThrow(BadBody);
  });

  it('shows a silence with its operators as two flags', () => {
    const silence = {
      id: 's1',
      matchers: [{ name: 'n', operator: '!~' as const, value: 'v' }],
      startsAtMs: NOW_MS,
      endsAtMs: NOW_MS + 1000,
      createdBy: 'ana',
      comment: 'why',
      updatedAtMs: NOW_MS,
      state: 'active' as const,
      matching: 0,
    };
    expect(gettableSilence(silence)).toMatchObject({
      matchers: [{ name: 'n', value: 'v', isRegex: true, isEqual: false }],
      endsAt: '2023-11-14T22:13:21.000Z',
    });
  });
});

describe('the configuration for Alertmanager’s tools', () => {
  it('has only their sections, and of global only their keys', () => {
    const text =
      'global: {scrape_interval: 5s, resolve_timeout: 5m}\nstorage: {retention: 1d}\nroute: {receiver: a}\nreceivers: [{name: a}]\n';
    expect(originalConfig(text)).toBe(
      'global:\n  resolve_timeout: 5m\nroute:\n  receiver: a\nreceivers:\n  - name: a\n',
    );
  });

  it('leaves inhibition by parents out, which they do not know', () => {
    const text = 'inhibit_rules:\n  - {equal: [a]}\n  - {parent_labels: {parent: instance}}\n';
    expect(originalConfig(text)).toMatch(/inhibit_rules:\n {2}- equal:\n {6}- a\n$/);
  });

  it('has a route to nobody where there is none', () => {
    expect(originalConfig('')).toContain('receiver: nobody');
  });
});
