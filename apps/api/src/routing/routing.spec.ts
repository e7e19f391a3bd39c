import type { RouteConfig, TimeIntervalConfig } from '../config/config.js';
import { type ConfigOverrides, testConfig } from '../config/config.fixture.js';
import { dailyInterval, routeNode } from './routing.fixture.js';
import { Routing } from './routing.js';

const NOON_MS = Date.parse('2026-03-02T12:00:00Z');
const hours = (name: string, from: number, to: number): TimeIntervalConfig => dailyInterval(name, from * 60, to * 60);
const team = (name: string, own: Partial<RouteConfig>): RouteConfig =>
  routeNode({ matchers: [{ name: 'team', operator: '=', value: name }], ...own });

const routingOf = (overrides: ConfigOverrides): Routing => new Routing(testConfig(overrides));

describe('Routing', () => {
  const routing = routingOf({
    route: routeNode({
      receiver: 'team',
      routes: [
        team('lunch', { muteTimeIntervals: ['lunch', 'night', 'day'] }),
        team('work', { activeTimeIntervals: ['night', 'lunch'] }),
        team('shift', { activeTimeIntervals: ['night'] }),
      ],
    }),
    timeIntervals: [hours('lunch', 12, 13), hours('day', 8, 20), hours('night', 0, 8)],
  });
  const muting = (name: string, atMs: number) => routing.mutingOf(routing.routesOf({ team: name })[0], atMs);

  it.each([
    ['the mute times that hold', 'lunch', { kind: 'mute_time', intervals: ['lunch', 'day'] }],
    ['nothing while one active time holds', 'work', undefined],
    ['active times of which none holds', 'shift', { kind: 'active_time', intervals: ['night'] }],
    ['nothing where no time is named', 'none', undefined],
  ])('mutes a route by %s', (_, name, expected) => {
    expect(muting(name, NOON_MS)).toEqual(expected);
  });

  it('knows all that are muted at a time', () => {
    expect([...routing.mutedRoutes(NOON_MS).keys()].map(({ key }) => key)).toEqual([
      '{}/{team="lunch"}',
      '{}/{team="shift"}',
    ]);
    expect(routing.mutedRoutes(Date.parse('2026-03-02T22:00:00Z')).size).toBe(2);
    expect(routingOf({}).mutedRoutes(NOON_MS).size).toBe(0);
  });
});
