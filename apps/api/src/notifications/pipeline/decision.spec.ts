import type { AlertView } from '@opsroom/contracts';
import { alertView, resolved } from '../alert-view.fixture.js';
import type { Group } from '../grouping/groups.js';
import type { Route } from '../../routing/route.js';
import type { Muting } from '../../routing/routing.js';
import { decide, type Decision } from './decision.js';
import type { LogEntry } from './log-entry.js';
import { nextEntry } from './notification-log.js';

const START_MS = 1_700_000_000_000;
const route: Route = {
  key: '{}',
  receiver: 'team',
  matchers: [],
  groupBy: ['alertname'],
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatIntervalMs: 3_600_000,
  continue: false,
  muteTimeIntervals: [],
  activeTimeIntervals: [],
  routes: [],
};
function decideOn(
  alerts: readonly AlertView[],
  own: { last?: LogEntry; atMs?: number; muting?: Muting; sendResolved?: boolean; remind?: string[] } = {},
): Decision {
  const group: Group = {
    key: 'g',
    route,
    labels: {},
    alerts: new Map(alerts.map((alert) => [alert.fingerprint, alert])),
  };
  return decide({
    group,
    nowMs: own.atMs ?? START_MS,
    muting: own.muting,
    last: own.last,
    sendResolved: own.sendResolved ?? true,
    remind: new Set(own.remind),
  });
}

const a = alertView({ fingerprint: 'a' });
const b = alertView({ fingerprint: 'b' });
const toldA: LogEntry = { sentMs: START_MS, firing: new Set(['a/e1']), resolved: new Set() };
const acknowledged: AlertView = { ...a, acknowledgement: { by: 'ana', atMs: START_MS, note: '' } };
const silenced: AlertView = { ...a, suppressedBy: [{ kind: 'silence', silenceId: 's1' }] };
const inhibited: AlertView = { ...a, suppressedBy: [{ kind: 'inhibition', bySource: 'f1' }] };

const nights: Muting = { kind: 'mute_time', intervals: ['nights', 'weekends'] };
const notAtWork: Muting = { kind: 'active_time', intervals: ['work'] };

describe('the decision about a notification', () => {
  it.each<[string, Decision, boolean, string]>([
    ['sends the first time', decideOn([a]), true, 'first_notification'],
    ['stays quiet while nothing is new', decideOn([a], { last: toldA, atMs: START_MS + 1000 }), false, 'nothing_new'],
    [
      'repeats after the repeat interval',
      decideOn([a], { last: toldA, atMs: START_MS + 3_600_000 }),
      true,
      'repeat_interval_passed',
    ],
    ['sends when another alert joins', decideOn([a, b], { last: toldA }), true, 'new_alerts'],
    [
      'sends when an alert fires in a new episode',
      decideOn([{ ...a, episode: 'e2' }], { last: toldA }),
      true,
      'new_alerts',
    ],
    ['tells the end of what was told', decideOn([resolved(a, START_MS)], { last: toldA }), true, 'resolved'],
    ['does not tell an end that nobody heard begin', decideOn([resolved(a, START_MS)]), false, 'nothing_left'],
    [
      'does not tell ends where they are not wanted',
      decideOn([resolved(a, START_MS)], { last: toldA, sendResolved: false }),
      false,
      'nothing_left',
    ],
    [
      'holds back the acknowledged',
      decideOn([acknowledged], { last: toldA, atMs: START_MS + 3_600_000 }),
      false,
      'nothing_left',
    ],
    [
      'reminds of the acknowledged when it is time',
      decideOn([acknowledged], { last: toldA, remind: ['a'] }),
      true,
      'reminder',
    ],
    ['holds back the silenced', decideOn([silenced]), false, 'nothing_left'],
    ['holds back the inhibited', decideOn([inhibited]), false, 'nothing_left'],
    ['is mute in its mute times', decideOn([a], { muting: nights }), false, 'muted_by_time_interval'],
    [
      'is mute outside of its active times',
      decideOn([a], { muting: notAtWork }),
      false,
      'outside_active_time_intervals',
    ],
  ])('%s', (_, decision, send, reason) => {
    expect(decision).toMatchObject({ send, reason });
  });

  it.each([
    [acknowledged, 'acknowledged', 'ana'],
    [silenced, 'silenced', 's1'],
    [inhibited, 'inhibited', 'f1'],
  ])('says what each alert is held back by', (alert, reason, by) => {
    expect(decideOn([alert, b]).held).toEqual([{ alert, reason, by }]);
  });

  it('says what time holds all of a group back', () => {
    const held = { reason: 'muted_by_time_interval', by: 'nights, weekends' };
    expect(decideOn([a, b], { muting: nights }).held).toEqual([
      { alert: a, ...held },
      { alert: b, ...held },
    ]);
  });

  it('tells the others of a group while one is acknowledged', () => {
    const decision = decideOn([acknowledged, b], { last: toldA });
    expect(decision).toMatchObject({ send: true, reason: 'new_alerts' });
    expect(decision.firing).toEqual([b]);
  });

  it('still tells the end of an alert that was told, then acknowledged, while another was told in between', () => {
    const second = decideOn([acknowledged, b], { last: toldA });
    const log = nextEntry(second, toldA, START_MS + 1000);
    const third = decideOn([resolved(a, START_MS + 2000), b], { last: log, atMs: START_MS + 2000 });
    expect(third).toMatchObject({ send: true, reason: 'resolved' });
  });

  it('does not take an alert for new that was told before it was acknowledged and came back', () => {
    const second = decideOn([acknowledged, b], { last: toldA });
    const log = nextEntry(second, toldA, START_MS + 1000);
    expect(decideOn([a, b], { last: log, atMs: START_MS + 2000 })).toMatchObject({
      send: false,
      reason: 'nothing_new',
    });
  });
});
