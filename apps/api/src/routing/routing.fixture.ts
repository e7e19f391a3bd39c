import type { RouteConfig, TimeIntervalConfig } from '../config/config.js';

/** A node of a routing tree that says nothing but `own`. */
export function routeNode(own: Partial<RouteConfig>): RouteConfig {
  return {
    receiver: undefined,
    matchers: [],
    groupBy: undefined,
    groupWaitMs: undefined,
    groupIntervalMs: undefined,
    repeatIntervalMs: undefined,
    continue: false,
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    routes: [],
    ...own,
  };
}

/** Every day from one minute of it to another, UTC. */
export function dailyInterval(name: string, startMinute: number, endMinute: number): TimeIntervalConfig {
  const times = [{ startMinute, endMinute }];
  return {
    name,
    intervals: [{ times, weekdays: [], daysOfMonth: [], months: [], years: [], location: 'UTC' }],
  };
}
