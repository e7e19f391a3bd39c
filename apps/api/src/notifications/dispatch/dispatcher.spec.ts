import type { AlertView } from '@opsroom/contracts';
import { testConfig } from '../../config/config.fixture.js';
import { ManualClock } from '../../model/manual-clock.fixture.js';
import type { Transition } from '../../model/transition.js';
import { openTestDatabase } from '../../storage/test-database.fixture.js';
import { alertView, resolved } from '../alert-view.fixture.js';
import { EventLog } from '../delivery/event-log.js';
import type { Message } from '../delivery/message.js';
import { Outbox } from '../delivery/outbox.js';
import { Sender } from '../delivery/sender.js';
import { Groups } from '../grouping/groups.js';
import { DeliveryError, type Notifier } from '../notifiers/notifier.js';
import { NotificationLog } from '../pipeline/notification-log.js';
import { buildRoute } from '../../routing/route.js';
import { routeNode } from '../../routing/routing.fixture.js';
import { Routing } from '../../routing/routing.js';
import { Dispatcher } from './dispatcher.js';

const START_MS = 1_700_000_000_000;
const config = routeNode({
  receiver: 'team',
  groupBy: ['alertname'],
  groupWaitMs: 1_000,
  groupIntervalMs: 60_000,
  repeatIntervalMs: 3_600_000,
});

/** Everything between transitions and a receiver, over one database; `restart` makes all but the database anew. */
class Bench {
  readonly clock = new ManualClock(START_MS);
  readonly database = openTestDatabase();
  readonly sent: { message: Message; deliveryId: string }[] = [];
  readonly history: string[] = [];
  failWith: DeliveryError | undefined;
  dispatcher!: Dispatcher;
  sender!: Sender;
  groups!: Groups;

  constructor() {
    this.restart([]);
  }

  restart(alerts: readonly AlertView[]): void {
    const notifier: Notifier = {
      id: 'team/webhook/0',
      receiver: 'team',
      sendResolved: true,
      send: (message, deliveryId) => {
        if (this.failWith) return Promise.reject(this.failWith);
        this.sent.push({ message, deliveryId });
        return Promise.resolve();
      },
    };
    const outbox = new Outbox(this.database);
    const events = new EventLog(this.database);
    const log = new NotificationLog(this.database);
    const routing = new Routing(testConfig({ route: config }));
    this.groups = new Groups(buildRoute(config));
    for (const alert of alerts) this.groups.restore(alert, this.clock.nowMs());
    this.dispatcher = new Dispatcher({
      groups: this.groups,
      database: this.database,
      log,
      outbox,
      events,
      notifiers: new Map([['team', [notifier]]]),
      routing,
      externalUrl: 'http://ops',
      record: (fingerprint, kind, detail) => void this.history.push(`${fingerprint} ${kind} ${detail}`),
    });
    this.sender = new Sender({
      database: this.database,
      outbox,
      events,
      clock: this.clock,
      notifiers: new Map([[notifier.id, notifier]]),
      acknowledgeUrl: ({ fingerprint }) => `http://ops/ack/${fingerprint}`,
      delivered: ({ message, notifier: id }) => {
        for (const { fingerprint, status } of message.alerts)
          this.history.push(`${fingerprint} notified ${id}: ${status}`);
      },
      givenUp: (item) => log.remove(item.message.groupKey, item.notifier),
    });
  }

  change(current: AlertView, reason: Transition['reason'] = { kind: 'value' }): void {
    const atMs = this.clock.nowMs();
    this.dispatcher.take([{ atMs, previous: undefined, current, reason, actor: 'opsroom' }], atMs);
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    while (this.dispatcher.flush(this.clock.nowMs()));
    await this.sender.drain();
  }

  events(): string[] {
    return new EventLog(this.database).recent(50).map((event) => `${event.outcome} ${event.reason}`);
  }
}

const a = alertView({ fingerprint: 'a' });
const b = alertView({ fingerprint: 'b' });
const acknowledgement = { by: 'ana', atMs: START_MS, note: '' };

describe('notifications from transition to receiver', () => {
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.database.close());

  it('tell a group once, and again when somebody joins', async () => {
    bench.change(a);
    await bench.pass(1_000);
    await bench.pass(60_000);
    expect(bench.sent).toHaveLength(1);
    bench.change(b);
    await bench.pass(60_000);
    expect(bench.sent.map(({ message }) => message.alerts.map((alert) => alert.fingerprint))).toEqual([
      ['a'],
      ['a', 'b'],
    ]);
    expect(bench.history).toContain('a notified team/webhook/0: firing');
  });

  it('do not repeat what was told before a restart, and tell the end that came while it was down', async () => {
    bench.change(a);
    await bench.pass(1_000);
    bench.restart([a]);
    await bench.pass(60_000);
    expect(bench.sent).toHaveLength(1);
    bench.restart([resolved(a, bench.clock.nowMs())]);
    await bench.pass(60_000);
    expect(bench.sent[1].message).toMatchObject({ status: 'resolved', alerts: [{ fingerprint: 'a' }] });
  });

  it('go on with what was decided before a restart and not delivered', async () => {
    bench.failWith = new DeliveryError('down', true);
    bench.change(a);
    await bench.pass(1_000);
    bench.failWith = undefined;
    bench.restart([a]);
    await bench.pass(1_000);
    expect(bench.sent).toHaveLength(1);
  });

  it('are tried again with growing pauses under the same delivery id', async () => {
    bench.failWith = new DeliveryError('down', true);
    bench.change(a);
    await bench.pass(1_000);
    await bench.pass(500);
    await bench.pass(500);
    await bench.pass(1_999);
    expect(bench.events()).toEqual([
      'failed first_notification',
      'failed first_notification',
      'queued first_notification',
    ]);
    expect(bench.history).toEqual([]);
    bench.failWith = undefined;
    await bench.pass(1);
    expect(bench.sent[0].deliveryId).toMatch(/^opsroom-1-/);
    expect(bench.events()[0]).toBe('delivered first_notification');
  });

  it('keep the order of one group’s messages while the first is being retried', async () => {
    bench.failWith = new DeliveryError('down', true);
    bench.change(a);
    await bench.pass(1_000);
    bench.change(b);
    bench.failWith = undefined;
    await bench.pass(60_000);
    await bench.pass(1);
    expect(bench.sent.map(({ message }) => message.alerts.length)).toEqual([1, 2]);
  });

  it('go out all, however many are due at once', async () => {
    for (let i = 0; i < 30; i++) bench.change(alertView({ fingerprint: `f${i}`, labels: { alertname: `A${i}` } }));
    await bench.pass(1_000);
    expect(new Set(bench.sent.map(({ deliveryId }) => deliveryId)).size).toBe(30);
    expect(bench.sent).toHaveLength(30);
  });

  it('are decided in slices when very many are due, each group once', () => {
    bench.clock.advance(1_000);
    for (let i = 0; i < 1000; i++) bench.change(alertView({ fingerprint: `f${i}`, labels: { alertname: `A${i}` } }));
    const groups = (): string[] => new EventLog(bench.database).recent(2000).map((event) => event.groupKey);
    const queued = (): number => groups().length;
    expect(bench.dispatcher.flush(bench.clock.nowMs())).toBe(true);
    expect(queued()).toBeGreaterThan(0);
    expect(queued()).toBeLessThan(500);
    while (bench.dispatcher.flush(bench.clock.nowMs()));
    expect(queued()).toBe(1000);
    expect(new Set(groups()).size).toBe(1000);
  });

  it('that no attempt can help are given up, and decided anew at the next interval', async () => {
    bench.failWith = new DeliveryError('no such channel', false);
    bench.change(a);
    await bench.pass(1_000);
    expect(bench.events()).toEqual(['given_up first_notification', 'queued first_notification']);
    bench.failWith = undefined;
    await bench.pass(60_000);
    expect(bench.sent).toHaveLength(1);
  });

  it('stop with an acknowledgement, say so once in the history, and come back as a reminder', async () => {
    bench.change(a);
    await bench.pass(1_000);
    bench.change({ ...a, acknowledgement }, { kind: 'acknowledged' });
    await bench.pass(3_600_000);
    await bench.pass(60_000);
    expect(bench.sent).toHaveLength(1);
    expect(bench.history.filter((entry) => entry.includes('held_back'))).toEqual([
      'a held_back team/webhook/0: acknowledged: ana',
    ]);
    bench.change({ ...a, acknowledgement }, { kind: 'reminded' });
    await bench.pass(0);
    expect(bench.sent[1].message.notificationReason).toBe('reminder');
    await bench.pass(60_000);
    expect(bench.sent).toHaveLength(2);
  });

  it('tell the end of an alert that has long been forgotten elsewhere', async () => {
    bench.change(a);
    await bench.pass(1_000);
    const ended = resolved(a, bench.clock.nowMs());
    bench.change(ended);
    const atMs = bench.clock.nowMs();
    bench.dispatcher.take(
      [{ atMs, previous: ended, current: undefined, reason: { kind: 'forgotten' }, actor: 'opsroom' }],
      atMs,
    );
    await bench.pass(60_000);
    expect(bench.sent[1].message.status).toBe('resolved');
    expect(bench.groups.all()).toEqual([]);
  });
});
