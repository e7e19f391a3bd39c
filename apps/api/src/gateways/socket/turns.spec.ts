import { HANDSHAKE_RETRY_MS, handshakeTurns, requestTurns, type Turns } from './turns.js';

/** Timers that are run by hand, and a clock that work moves. */
function world() {
  const timers: (() => void)[] = [];
  let nowMs = 0;
  const done: number[] = [];
  const take = (turns: Turns, from: number, to: number, costMs = 0): boolean[] =>
    Array.from({ length: to - from }, (_, i) =>
      turns.take(() => {
        done.push(from + i);
        nowMs += costMs;
      }),
    );
  return {
    later: (_delayMs: number, run: () => void) => void timers.push(run),
    monotonicMs: () => nowMs,
    timers,
    done,
    take,
    turn: () => timers.shift()?.(),
  };
}

const upTo = (end: number): number[] => Array.from({ length: end }, (_, i) => i);

describe('turns of handshakes', () => {
  it('let a few in at once and the others in their order, so many a turn', () => {
    const { later, done, take, turn } = world();
    const turns = handshakeTurns(later);
    take(turns, 0, 120);
    expect([done, turns.waiting]).toEqual([upTo(50), 70]);
    turn();
    expect(done).toEqual(upTo(100));
    turn();
    expect([done, turns.waiting]).toEqual([upTo(120), 0]);
  });

  it('let nobody overtake the line', () => {
    const { later, done, take, turn } = world();
    const turns = handshakeTurns(later);
    take(turns, 0, 60);
    turn();
    take(turns, 60, 110);
    expect(done).toEqual(upTo(100));
    turn();
    expect(done).toEqual(upTo(110));
  });

  it('rest when nobody waits', () => {
    const { later, timers, take, turn } = world();
    take(handshakeTurns(later), 0, 60);
    turn();
    turn();
    expect(timers).toEqual([]);
  });

  it('refuse what comes when too many wait, and tell when the line will have gone', () => {
    const { later, done, take, turn } = world();
    const turns = handshakeTurns(later);
    const taken = take(turns, 0, 10_051);
    expect([taken.filter(Boolean).length, taken.at(-1)]).toEqual([10_050, false]);
    let turned = 0;
    for (; turns.waiting > 0; turned++) turn();
    expect([done, turned * 10]).toEqual([upTo(10_050), HANDSHAKE_RETRY_MS]);
  });
});

describe('turns of requests', () => {
  it('end when their time is used up', () => {
    const { later, monotonicMs, done, take, turn } = world();
    const turns = requestTurns(later, monotonicMs);
    take(turns, 0, 10, 3);
    expect(done).toEqual(upTo(3));
    turn();
    expect(done).toEqual(upTo(6));
    turn();
    turn();
    expect(done).toEqual(upTo(10));
  });

  it('begin anew with each turn of the loop', () => {
    const { later, monotonicMs, done, take, turn } = world();
    const turns = requestTurns(later, monotonicMs);
    take(turns, 0, 2, 5);
    expect(done).toEqual(upTo(2));
    turn();
    take(turns, 2, 4, 5);
    expect(done).toEqual(upTo(4));
  });
});
