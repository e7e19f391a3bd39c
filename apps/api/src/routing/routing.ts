import { Injectable } from '@nestjs/common';
import type { LabelSet, Suppression } from '@opsroom/contracts';
import { OpsroomConfig } from '../config/config.js';
import { buildRoute, type Route, routesOf } from './route.js';
import { contains } from './time-interval.js';

/** Why a route tells nobody now: a mute time that holds, or active times of which none does. By the names of the intervals. */
export type Muting = Extract<Suppression, { kind: 'mute_time' | 'active_time' }>;

/** The routing tree of the configuration with its time intervals. Without a `route` in it nothing is routed, and nothing muted. */
@Injectable()
export class Routing {
  readonly root: Route | undefined;
  /** Routes that time can mute. */
  private readonly timed: readonly Route[];
  private readonly intervals;

  constructor(config: OpsroomConfig) {
    this.root = config.route && buildRoute(config.route);
    this.timed = this.root ? timedRoutes(this.root) : [];
    this.intervals = new Map(config.timeIntervals.map((interval) => [interval.name, interval]));
  }

  routesOf(labels: LabelSet): readonly Route[] {
    return this.root ? routesOf(this.root, labels) : [];
  }

  /** What mutes a route at a time, as Alertmanager's time stages decide it; undefined when nothing does. */
  mutingOf(route: Route, atMs: number): Muting | undefined {
    const holds = (name: string): boolean => {
      const interval = this.intervals.get(name);
      return interval !== undefined && contains(interval, atMs);
    };
    const { muteTimeIntervals, activeTimeIntervals } = route;
    const muted = muteTimeIntervals.filter(holds);
    if (muted.length > 0) return { kind: 'mute_time', intervals: muted };
    if (activeTimeIntervals.length === 0 || activeTimeIntervals.some(holds)) return undefined;
    return { kind: 'active_time', intervals: activeTimeIntervals };
  }

  /** All routes that time mutes then. */
  mutedRoutes(atMs: number): ReadonlyMap<Route, Muting> {
    return new Map(
      this.timed.flatMap((route) => {
        const muting = this.mutingOf(route, atMs);
        return muting ? [[route, muting] as const] : [];
      }),
    );
  }
}

function timedRoutes(route: Route): Route[] {
  const isTimed = route.muteTimeIntervals.length > 0 || route.activeTimeIntervals.length > 0;
  return [...(isTimed ? [route] : []), ...route.routes.flatMap(timedRoutes)];
}
