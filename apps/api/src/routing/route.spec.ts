import { routeView } from './route-view.js';
import { routeNode as node } from './routing.fixture.js';
import { buildRoute, groupKey, groupLabels, routesOf } from './route.js';

const equals = (name: string, value: string) => ({ name, operator: '=' as const, value });

const tree = buildRoute(
  node({
    receiver: 'default',
    groupBy: ['alertname'],
    routes: [
      node({
        receiver: 'database',
        matchers: [equals('team', 'db')],
        groupWaitMs: 5000,
        routes: [node({ matchers: [{ name: 'severity', operator: '=~', value: 'critical|page' }], receiver: 'pager' })],
      }),
      node({ receiver: 'audit', matchers: [equals('audit', 'yes')], continue: true }),
      node({ receiver: 'web', matchers: [equals('team', 'web')], groupBy: ['...'] }),
    ],
  }),
);

describe('routesOf', () => {
  it.each([
    ['nothing else matches', { alertname: 'X' }, ['default']],
    ['one child matches', { team: 'db', severity: 'info' }, ['database']],
    ['a grandchild is more precise', { team: 'db', severity: 'page' }, ['pager']],
    ['a matching node says continue', { team: 'web', audit: 'yes' }, ['audit', 'web']],
    ['only the continuing node matches', { team: 'x', audit: 'yes' }, ['audit']],
  ])('when %s', (_, labels, receivers) => {
    expect(routesOf(tree, labels).map((route) => route.receiver)).toEqual(receivers);
  });
});

describe('a route', () => {
  it('inherits what it does not set from the node above, and the root from Alertmanager’s defaults', () => {
    const [pager] = routesOf(tree, { team: 'db', severity: 'page' });
    expect(pager).toMatchObject({ groupWaitMs: 5000, groupIntervalMs: 300_000, repeatIntervalMs: 14_400_000 });
    expect(pager.groupBy).toEqual(['alertname']);
  });

  it('travels as plain data', () => {
    const view = routeView(tree);
    expect(JSON.parse(JSON.stringify(view))).toEqual(view);
    expect(view.routes[0].routes[0]).toEqual({
      receiver: 'pager',
      matchers: [{ name: 'severity', operator: '=~', value: 'critical|page' }],
      groupBy: ['alertname'],
      groupWaitMs: 5000,
      groupIntervalMs: 300_000,
      repeatIntervalMs: 14_400_000,
      continue: false,
      muteTimeIntervals: [],
      activeTimeIntervals: [],
      routes: [],
    });
  });

  it('has a key of its own, even beside a sibling with the same matchers', () => {
    const twin = node({ matchers: [equals('team', 'web')], continue: true });
    const { routes } = buildRoute(node({ receiver: 'default', routes: [twin, twin] }));
    expect(routes.map((route) => route.key)).toEqual(['{}/{team="web"}', '{}/{team="web"}/1']);
  });

  it('groups by its labels, leaving out those that the alert does not have, or by all', () => {
    const labels = { alertname: 'Down', instance: 'a', team: 'web' };
    expect(groupLabels(tree, labels)).toEqual({ alertname: 'Down' });
    expect(groupLabels(tree.routes[2], labels)).toEqual(labels);
    expect(groupKey(tree, labels)).toBe('{}:{alertname="Down"}');
    expect(groupKey(tree.routes[2], { team: 'web' })).toBe('{}/{team="web"}:{team="web"}');
  });
});
