import { byCodePoint, type LabelSet, type MatcherSpec, printMatchers } from '@opsroom/contracts';
import { createMatcher, type Matcher } from '@opsroom/promql';
import type { RouteConfig } from '../config/config.js';

/** A node of the routing tree with everything inherited filled in. */
export interface Route {
  /** Unique in the tree and stable over restarts: the matchers from the root down. */
  readonly key: string;
  readonly receiver: string;
  readonly matchers: readonly Matcher[];
  /** 'all': by every label. */
  readonly groupBy: readonly string[] | 'all';
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  readonly continue: boolean;
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
  readonly routes: readonly Route[];
}

/** Alertmanager's defaults of the root. */
const ROOT = { groupWaitMs: 30_000, groupIntervalMs: 300_000, repeatIntervalMs: 4 * 3_600_000 };

/**
 * Builds the tree. The root matches everything and must name a receiver; the configuration's check has seen to both.
 * `twins` counts the elder siblings with equal matchers, so that keys stay unique.
 */
export function buildRoute(config: RouteConfig, parent?: Route, twins = 0): Route {
  const own = `${printMatchers(config.matchers)}${twins > 0 ? `/${twins}` : ''}`;
  const route: Omit<Route, 'routes'> = {
    key: parent ? `${parent.key}/${own}` : own,
    receiver: config.receiver ?? parent?.receiver ?? '',
    matchers: config.matchers.map(compile),
    groupBy: groupByOf(config, parent),
    groupWaitMs: config.groupWaitMs ?? parent?.groupWaitMs ?? ROOT.groupWaitMs,
    groupIntervalMs: config.groupIntervalMs ?? parent?.groupIntervalMs ?? ROOT.groupIntervalMs,
    repeatIntervalMs: config.repeatIntervalMs ?? parent?.repeatIntervalMs ?? ROOT.repeatIntervalMs,
    continue: config.continue,
    muteTimeIntervals: config.muteTimeIntervals,
    activeTimeIntervals: config.activeTimeIntervals,
  };
  const complete: Route = { ...route, routes: [] };
  const printed = config.routes.map((child) => printMatchers(child.matchers));
  const twinsOf = (i: number): number => printed.slice(0, i).filter((other) => other === printed[i]).length;
  return { ...complete, routes: config.routes.map((child, i) => buildRoute(child, complete, twinsOf(i))) };
}

/**
 * Routes that an alert takes, as Alertmanager decides: depth first; a child that matches ends the search among its
 * siblings unless it says `continue`; a node whose children all refuse takes the alert itself.
 */
export function routesOf(route: Route, labels: LabelSet): Route[] {
  if (!route.matchers.every((matcher) => matcher.matches(labels[matcher.name] ?? ''))) return [];
  const taken: Route[] = [];
  for (const child of route.routes) {
    const found = routesOf(child, labels);
    taken.push(...found);
    if (found.length > 0 && !child.continue) break;
  }
  return taken.length > 0 ? taken : [route];
}

/** The labels that an alert is grouped by on a route; a label that it does not have is left out. */
export function groupLabels(route: Route, labels: LabelSet): LabelSet {
  const names = route.groupBy === 'all' ? Object.keys(labels) : route.groupBy;
  const group: Record<string, string> = {};
  for (const name of [...names].sort(byCodePoint)) if (name in labels) group[name] = labels[name];
  return group;
}

/** Identity of a group, in the form that Alertmanager's payloads show: route, colon, group labels. */
export function groupKey(route: Route, labels: LabelSet): string {
  const printed = Object.entries(groupLabels(route, labels)).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${route.key}:{${printed.join(', ')}}`;
}

function groupByOf(config: RouteConfig, parent: Route | undefined): Route['groupBy'] {
  // As Alertmanager reads it, an empty list says no more than none at all.
  if (config.groupBy === undefined || config.groupBy.length === 0) return parent?.groupBy ?? [];
  return config.groupBy.includes('...') ? 'all' : config.groupBy;
}

function compile({ name, operator, value }: MatcherSpec): Matcher {
  return createMatcher(name, operator, value);
}
