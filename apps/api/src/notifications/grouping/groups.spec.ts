import { alertView, resolved } from '../alert-view.fixture.js';
import { buildRoute } from '../../routing/route.js';
import { routeNode } from '../../routing/routing.fixture.js';
import { Groups } from './groups.js';

const START_MS = 1_700_000_000_000;
const config = routeNode({ receiver: 'team', groupBy: ['alertname'], groupWaitMs: 30_000, groupIntervalMs: 300_000 });
const make = (): Groups => new Groups(buildRoute(config));
const a = alertView({ fingerprint: 'a' });
const b = alertView({ fingerprint: 'b' });

describe('Groups', () => {
  it('wait group_wait after the first alert fired, so that its companions are told with it', () => {
    const groups = make();
    groups.put(a, START_MS);
    groups.put(b, START_MS + 10_000);
    expect(groups.takeDue(START_MS + 29_999).due).toEqual([]);
    const [group] = groups.takeDue(START_MS + 30_000).due;
    expect([...group.alerts.keys()]).toEqual(['a', 'b']);
    expect(group.labels).toEqual({ alertname: 'HighCpu' });
  });

  it('are due at once when the alert has fired for longer than group_wait, as after a restart', () => {
    const groups = make();
    groups.put(a, START_MS + 3_600_000);
    expect(groups.takeDue(START_MS + 3_600_000).due).toHaveLength(1);
  });

  it('are due again one group_interval after a flush', () => {
    const groups = make();
    groups.put(a, START_MS);
    groups.takeDue(START_MS + 30_000);
    groups.put(b, START_MS + 40_000);
    expect(groups.takeDue(START_MS + 329_999).due).toEqual([]);
    expect(groups.takeDue(START_MS + 330_000).due).toHaveLength(1);
  });

  it('keep a resolved alert until it was in a flush, and go when they are empty', () => {
    const groups = make();
    groups.put(a, START_MS);
    groups.takeDue(START_MS + 30_000);
    groups.put(resolved(a, START_MS + 50_000), START_MS + 50_000);
    const [group] = groups.takeDue(START_MS + 330_000).due;
    expect(group.alerts.get('a')?.condition).toBe('resolved');
    groups.flushed(group);
    expect(groups.all()).toEqual([]);
  });

  it('keep an alert that fired again while its end was being told', () => {
    const groups = make();
    groups.put(a, START_MS);
    groups.put(resolved(a, START_MS + 1000), START_MS + 1000);
    const [group] = groups.takeDue(START_MS + 30_000).due;
    groups.put({ ...a, episode: 'e2' }, START_MS + 30_500);
    groups.flushed(group);
    expect(groups.all()[0].alerts.get('a')?.episode).toBe('e2');
  });

  it('do not begin with an end that nobody waits for', () => {
    const groups = make();
    groups.put(resolved(a, START_MS), START_MS);
    expect(groups.all()).toEqual([]);
  });

  it('can be made due at once', () => {
    const groups = make();
    groups.put(a, START_MS);
    groups.hasten('a', START_MS + 5);
    expect(groups.takeDue(START_MS + 5).due).toHaveLength(1);
  });

  it('lose an alert that went back to pending', () => {
    const groups = make();
    groups.put(a, START_MS);
    groups.put({ ...a, condition: 'pending' }, START_MS + 1);
    expect(groups.all()).toEqual([]);
  });
});
