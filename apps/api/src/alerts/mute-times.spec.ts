import { AlertsBench } from './alerts.fixture.js';
import type { RouteConfig } from '../config/config.js';
import type { ConfigOverrides } from '../config/config.fixture.js';
import { dailyInterval, routeNode } from '../routing/routing.fixture.js';

const MINUTE_MS = 60_000;
const db = { alertname: 'High', team: 'db' };
const web = { alertname: 'High', team: 'web' };

describe('mute times', () => {
  let bench: ReturnType<typeof AlertsBench.memory>;
  /** Team db is mute for a minute, from one minute on; whoever matches `also` is told in any case. */
  const start = (also: string): void => {
    bench = AlertsBench.memory(configured(also));
    bench.evaluate([db, web]);
    bench.transitions.length = 0;
  };
  const suppressed = (labels: Record<string, string>) => bench.alerts.view(bench.ref(labels).fingerprint)?.suppressedBy;
  afterEach(() => bench.close());

  it('suppress the alerts whose routes they mute, and tell when they begin and end', () => {
    start('nobody');
    expect(suppressed(db)).toEqual([]);
    bench.clock.advance(MINUTE_MS);
    expect(suppressed(db)).toEqual([{ kind: 'mute_time', intervals: ['soon'] }]);
    expect(suppressed(web)).toEqual([]);
    bench.clock.advance(MINUTE_MS);
    expect(suppressed(db)).toEqual([]);
    expect(bench.transitions.map(({ current, reason }) => [current?.labels.team, reason.kind])).toEqual([
      ['db', 'muted'],
      ['db', 'unmuted'],
    ]);
  });

  it('suppress nothing that another route still tells of', () => {
    start('db');
    bench.clock.advance(MINUTE_MS);
    expect(suppressed(db)).toEqual([]);
  });

  it('suppress what fires while they hold', () => {
    start('nobody');
    bench.clock.advance(MINUTE_MS);
    bench.evaluate([db, web, { ...db, instance: '2' }]);
    expect(suppressed({ ...db, instance: '2' })).toEqual([{ kind: 'mute_time', intervals: ['soon'] }]);
  });
});

/** By the clock of tests, which starts at 22:13:20. */
function configured(also: string): ConfigOverrides {
  const team = (name: string, own: Partial<RouteConfig>): RouteConfig =>
    routeNode({ matchers: [{ name: 'team', operator: '=', value: name }], ...own });
  const muted = team('db', { muteTimeIntervals: ['soon'], continue: true });
  const minute = 22 * 60 + 14;
  return {
    route: routeNode({ receiver: 'people', routes: [muted, team(also, {})] }),
    timeIntervals: [dailyInterval('soon', minute, minute + 1)],
  };
}
