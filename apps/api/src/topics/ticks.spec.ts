import { map, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { topicTicks } from './ticks.js';

const COALESCE_MS = 10;

/** Runs with the clock of the scheduler; a character is 1 ms, a burst is over after 2 quiet ones. */
function withTime(
  run: (helpers: Parameters<Parameters<TestScheduler['run']>[0]>[0], options: Parameters<typeof topicTicks>[2]) => void,
): void {
  const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
  const clock = {
    after: (ms: number) => timer(ms).pipe(map(() => undefined)),
    monotonicMs: () => scheduler.now(),
  };
  scheduler.run((helpers) => run(helpers, { clock, coalesceMs: COALESCE_MS }));
}

describe('ticks', () => {
  const cases = [
    {
      name: 'follow a burst as soon as it has gone quiet',
      marks: '   mm-m-------------------',
      expected: '-----a--------------------',
    },
    {
      name: 'do not wait for the end of a burst that is longer than the coalescing window',
      marks: '   m-mmmmmmmm---------------m--',
      expected: '----------a----------------a',
    },
    {
      name: 'are never closer to each other than the coalescing window',
      marks: '   m--m-----------------------',
      expected: '--a---------a--------------',
    },
  ];
  it.each(cases)('$name', ({ marks, expected }) => {
    withTime(({ hot, expectObservable }, options) => {
      const ticks = topicTicks(hot(marks), hot<number>('-'), options);
      expectObservable(ticks).toBe(expected, { a: { kind: 'arrival' } });
    });
  });

  it('come with every beat', () => {
    withTime(({ hot, expectObservable }, options) => {
      const beats = hot('--b---', { b: 1_000 });
      expectObservable(topicTicks(hot('-'), beats, options)).toBe('--b---', { b: { kind: 'beat', beatMs: 1_000 } });
    });
  });

  it('let go of marks, beats and the window when nobody listens', () => {
    withTime(({ hot, expectSubscriptions, expectObservable }, options) => {
      const marks = hot('m---------');
      const beats = hot<number>('----------');
      expectObservable(topicTicks(marks, beats, options), '^!').toBe('--');
      expectSubscriptions(marks.subscriptions).toBe('^!');
      expectSubscriptions(beats.subscriptions).toBe('^!');
    });
  });
});
