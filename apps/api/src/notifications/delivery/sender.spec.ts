import { ManualClock } from '../../model/manual-clock.fixture.js';
import { openTestDatabase } from '../../storage/test-database.fixture.js';
import { queuedMessage } from '../message.fixture.js';
import type { Notifier } from '../notifiers/notifier.js';
import { EventLog } from './event-log.js';
import { Outbox } from './outbox.js';
import { Sender } from './sender.js';

/** A sender to notifiers that take a message when they are told to, or at once. */
function world(...patient: readonly string[]) {
  const database = openTestDatabase();
  const clock = new ManualClock();
  const outbox = new Outbox(database);
  const taken: string[] = [];
  const held: (() => void)[] = [];
  const notifier = (id: string): Notifier => ({
    id,
    receiver: 'team',
    sendResolved: true,
    send: (message) => {
      const take = (): void => void taken.push(`${id} ${message.groupKey}`);
      if (!patient.includes(id)) return Promise.resolve(take());
      return new Promise((resolve) => held.push(() => resolve(take())));
    },
  });
  const sender = new Sender({
    database,
    outbox,
    events: new EventLog(database),
    clock,
    notifiers: new Map(['slow', 'quick'].map((id) => [id, notifier(id)])),
    acknowledgeUrl: () => '',
    delivered: () => undefined,
    givenUp: () => undefined,
  });
  const queue = (id: string, groups: number): void => {
    for (let i = 0; i < groups; i++) outbox.put(id, { ...queuedMessage(), groupKey: `g${i}` }, clock.nowMs());
  };
  return { database, sender, queue, taken, held };
}

describe('the sender', () => {
  it('holds nobody up for a receiver that takes nothing', async () => {
    const { database, sender, queue, taken, held } = world('slow');
    queue('slow', 50);
    queue('quick', 20);
    const slow = sender.drain();
    await new Promise(setImmediate);
    expect(taken).toEqual(Array.from({ length: 20 }, (_, i) => `quick g${i}`));
    expect(held).toHaveLength(8);
    while (held.length > 0) {
      held.shift()?.();
      await new Promise(setImmediate);
    }
    await slow;
    expect(taken).toHaveLength(70);
    database.close();
  });

  it('has as many on their way to one receiver as it may, however often it is asked', async () => {
    const { database, sender, queue, held } = world('slow', 'quick');
    queue('slow', 20);
    queue('quick', 3);
    void sender.drain();
    void sender.drain();
    await new Promise(setImmediate);
    expect(held).toHaveLength(11);
    sender.stop();
    database.close();
  });
});
