import { map, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { topicTicks } from './ticks.js';

describe('ticks', () => {
  it('follow the first mark of a burst after the coalescing window, and every beat', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ hot, expectObservable }) => {
      const clock = { after: (ms: number) => timer(ms).pipe(map(() => undefined)) };
      const marks = hot(' m-mm---------m-----');
      const beats = hot(' --------b-----------', { b: 1_000 });
      const expected = ' -----a--b---------a-';
      const ticks = topicTicks(marks, beats, { clock, coalesceMs: 5 });
      expectObservable(ticks).toBe(expected, { a: { kind: 'arrival' }, b: { kind: 'beat', beatMs: 1_000 } });
    });
  });

  it('let go of marks, beats and the window when nobody listens', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(
      ({ hot, expectSubscriptions, expectObservable }) => {
        const clock = { after: (ms: number) => timer(ms).pipe(map(() => undefined)) };
        const marks = hot('m---------');
        const beats = hot<number>('----------');
        expectObservable(topicTicks(marks, beats, { clock, coalesceMs: 5 }), '^--!').toBe('----');
        expectSubscriptions(marks.subscriptions).toBe('^--!');
        expectSubscriptions(beats.subscriptions).toBe('^--!');
      },
    );
  });
});
