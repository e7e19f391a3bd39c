import { setImmediate } from 'node:timers/promises';
import { Subject } from 'rxjs';
import type { ClientSignal } from './client-signal.js';
import { Gate } from './gate.js';
import { RoundRobin } from './round-robin.js';

function* work(name: string, slices: number, log: string[]): Generator<void, string> {
  for (let i = 0; i < slices; i++) {
    log.push(name);
    yield;
  }
  return name;
}

describe('RoundRobin', () => {
  it('gives each task a slice in turn', async () => {
    const turns = new RoundRobin();
    const log: string[] = [];
    await Promise.all([turns.run(work('a', 3, log)), turns.run(work('b', 3, log)), turns.run(work('c', 2, log))]);
    expect(log.join('')).toBe('abcabcab');
  });

  it('does one slice for each round of the event loop', async () => {
    const turns = new RoundRobin();
    const log: string[] = [];
    const all = Promise.all([turns.run(work('a', 5, log)), turns.run(work('b', 5, log))]);
    const before = log.length;
    await setImmediate();
    await setImmediate();
    expect(log.length - before).toBeLessThanOrEqual(2);
    await all;
  });

  it('hands on what a slice throws, and goes on with the others', async () => {
    const turns = new RoundRobin();
    const log: string[] = [];
    const failing = (function* (): Generator<void, string> {
      yield;
      throw new RangeError('no');
    })();
    const [bad, good] = await Promise.allSettled([turns.run(failing), turns.run(work('b', 4, log))]);
    expect([bad, good]).toMatchObject([{ reason: new RangeError('no') }, { value: 'b' }]);
  });
});

describe('Gate', () => {
  const patient: ClientSignal = { aborted: false, onAborted: () => () => undefined };

  it('lets so many in, others in the order in which they came', async () => {
    const gate = new Gate(2, 10);
    const order: number[] = [];
    const leaves = await Promise.all([gate.enter(patient), gate.enter(patient)]);
    const later = [3, 4].map((n) => gate.enter(patient).then((leave) => (order.push(n), leave)));
    await setImmediate();
    expect([order, gate.running, gate.waiting]).toEqual([[], 2, 2]);
    leaves[1]?.();
    leaves[1]?.();
    await setImmediate();
    expect([order, gate.running, gate.waiting]).toEqual([[3], 2, 1]);
    leaves[0]?.();
    await Promise.all(later);
    expect(order).toEqual([3, 4]);
  });

  it('turns away whom the line has no place for, and lets those go who give up', async () => {
    const gate = new Gate(1, 1);
    const leave = await gate.enter(patient);
    const gone = new Subject<void>();
    const waiting = gate.enter({
      aborted: false,
      onAborted: (listener) => {
        const listening = gone.subscribe(listener);
        return () => listening.unsubscribe();
      },
    });
    expect(await gate.enter(patient)).toBeUndefined();
    gone.next();
    expect(await waiting).toBeUndefined();
    leave?.();
    expect([gate.running, gate.waiting]).toEqual([0, 0]);
  });
});
