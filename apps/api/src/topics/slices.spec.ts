import { ManualClock } from '../model/manual-clock.fixture.js';
import { Slices } from './slices.js';

describe('slices', () => {
  let clock: ManualClock;
  let done: string[];
  let elapsedMs: number;
  const make = (costMs: number) =>
    new Slices<string>(
      { after: (ms) => clock.after(ms), monotonicMs: () => elapsedMs },
      8,
      (item) => {
        done.push(item);
        elapsedMs += costMs;
      },
      () => undefined,
    );

  beforeEach(() => {
    clock = new ManualClock(0);
    done = [];
    elapsedMs = 0;
  });

  it('do as much as the budget allows and the rest after others had their turn', () => {
    const slices = make(4);
    for (const item of ['a', 'b', 'c', 'd', 'e']) slices.add(item);
    slices.run();
    expect(done).toEqual(['a', 'b']);
    slices.run();
    expect(done).toEqual(['a', 'b']);
    clock.advance(0);
    expect(done).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('do what was queued twice once, and nothing that was taken back', () => {
    const slices = make(0);
    for (const item of ['a', 'b', 'a']) slices.add(item);
    slices.delete('b');
    slices.run();
    expect(done).toEqual(['a']);
  });

  it('do nothing after they were closed', () => {
    const slices = make(10);
    slices.add('a');
    slices.add('b');
    slices.run();
    slices.close();
    clock.advance(100);
    expect(done).toEqual(['a']);
  });
});
