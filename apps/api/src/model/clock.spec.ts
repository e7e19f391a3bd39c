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
