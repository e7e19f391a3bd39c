import { stat } from 'node:fs';
import { SystemClock } from './clock.js';
import { ManualClock } from './manual-clock.fixture.js';

const START_MS = 1_700_000_000_000;

describe('beats', () => {
  it('stand on multiples of the period, plus the phase', () => {
    const clock = new ManualClock(START_MS + 300);
    const beats: [number, number][] = [];
    clock.beats(1000, 50).subscribe((beatMs) => beats.push([beatMs, clock.nowMs()]));
    clock.advance(2000);
    expect(beats).toEqual([
      [START_MS + 1000, START_MS + 1050],
      [START_MS + 2000, START_MS + 2050],
    ]);
  });

  it('skip what was slept through instead of catching up', () => {
    const clock = new ManualClock(START_MS);
    const beats: number[] = [];
    clock.beats(1000).subscribe((beatMs) => beats.push(beatMs));
    clock.set(START_MS + 10_500);
    clock.advance(1000);
    expect(beats).toEqual([START_MS + 11_000]);
  });

  it('go on after the system clock was set back', () => {
    const clock = new ManualClock(START_MS);
    const beats: number[] = [];
    clock.beats(1000).subscribe((beatMs) => beats.push(beatMs));
    clock.advance(1000);
    clock.set(START_MS - 3_600_000);
    clock.advance(3_600_000 + 2000);
    expect(beats.length).toBeGreaterThan(3000);
  });

  it('end with their subscription', () => {
    const clock = new ManualClock(START_MS);
    const beats: number[] = [];
    clock
      .beats(1000)
      .subscribe((beatMs) => beats.push(beatMs))
      .unsubscribe();
    clock.advance(5000);
    expect(beats).toEqual([]);
  });
});

describe('the clock of the system', () => {
  it('lets what has come meanwhile have its turn before what was put off by 0 ms', async () => {
    const clock = new SystemClock();
    const order: string[] = [];
    const put = (name: string, next: () => void): void => {
      clock.after(0).subscribe(() => {
        order.push(name);
        for (const until = performance.now() + 3; performance.now() < until;);
        next();
      });
    };
    const read = new Promise<void>((resolve) => {
      stat('.', () => {
        order.push('file');
        resolve();
      });
    });
    const slices = new Promise<void>((resolve) => {
      const go = (left: number): void => (left === 0 ? resolve() : put('slice', () => go(left - 1)));
      go(10);
    });
    await Promise.all([read, slices]);
    expect(order.indexOf('file')).toBeLessThan(10);
    expect(order).toHaveLength(11);
  });

  it('puts nothing off for those who no longer want it', async () => {
    let came = false;
    new SystemClock()
      .after(0)
      .subscribe(() => (came = true))
      .unsubscribe();
    await new Promise(setImmediate);
    expect(came).toBe(false);
  });
});
