import type { RouteView } from '@opsroom/contracts';
import type { Route } from './route.js';

/** The routing tree as it travels: without keys and compiled matchers. */
export function routeView({ key: _, matchers, routes, ...plain }: Route): RouteView {
  return {
    ...plain,
    matchers: matchers.map(({ name, operator, value }) => ({ name, operator, value })),
    routes: routes.map(routeView),
  };
}
