/** What must hold between sections. Each check reports through `problem`, with the path of the value that is wrong. */
import { roleAllows } from '@opsroom/contracts';
import type { AccountsConfig, ReceiverConfig, RouteConfig, TimeIntervalConfig } from './config.js';

type Problem = (path: readonly PropertyKey[], message: string) => void;

/** Receivers and time intervals have unique names, and the route uses only names that exist. */
export function checkRouting(
  route: RouteConfig | undefined,
  receivers: readonly ReceiverConfig[],
  timeIntervals: readonly { readonly path: readonly PropertyKey[]; readonly interval: TimeIntervalConfig }[],
  problem: Problem,
): void {
  const receiverNames = new Set<string>();
  receivers.forEach(({ name }, i) => {
    if (receiverNames.has(name)) problem(['receivers', i, 'name'], `receiver "${name}" is there twice`);
    receiverNames.add(name);
  });
  const intervalNames = new Set<string>();
  for (const { path, interval } of timeIntervals) {
    if (intervalNames.has(interval.name)) problem([...path, 'name'], `time interval "${interval.name}" is there twice`);
    intervalNames.add(interval.name);
  }
  if (!route) {
    if (receivers.length > 0) problem(['receivers'], 'receivers need a route that leads to them');
    return;
  }
  if (route.receiver === undefined) problem(['route'], 'the first route needs a receiver');
  if (route.matchers.length > 0) problem(['route'], 'the first route takes every alert and cannot have matchers');
  if (route.muteTimeIntervals.length + route.activeTimeIntervals.length > 0) {
    problem(['route'], 'the first route cannot have mute_time_intervals or active_time_intervals');
  }
  const walk = (one: RouteConfig, path: readonly PropertyKey[]): void => {
    if (one.receiver !== undefined && !receiverNames.has(one.receiver)) {
      problem([...path, 'receiver'], `there is no receiver "${one.receiver}"; ${known(receiverNames)}`);
    }
    const used = [
      ['mute_time_intervals', one.muteTimeIntervals],
      ['active_time_intervals', one.activeTimeIntervals],
    ] as const;
    for (const [key, names] of used) {
      names.forEach((name, i) => {
        if (!intervalNames.has(name))
          problem([...path, key, i], `there is no time interval "${name}"; ${known(intervalNames)}`);
      });
    }
    one.routes.forEach((child, i) => walk(child, [...path, 'routes', i]));
  };
  walk(route, ['route']);
}

const known = (names: ReadonlySet<string>): string =>
  names.size === 0 ? 'none is defined' : `known: ${[...names].join(', ')}`;

/** True for addresses that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Strangers may do no more than look, unless nobody but this machine can be the stranger. */
export function checkAnonymous(accounts: AccountsConfig, host: string, problem: Problem): void {
  const { anonymous } = accounts;
  if (anonymous === undefined || anonymous === 'viewer' || !roleAllows(anonymous, 'responder') || isLoopback(host))
    return;
  problem(
    ['accounts', 'anonymous'],
    `"${anonymous}" would let anybody who reaches ${host} act: use viewer, or bind to loopback with --host 127.0.0.1`,
  );
}
