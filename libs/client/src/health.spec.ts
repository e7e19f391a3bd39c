import { Cadence, freshnessOf } from './health.js';
import { ServerClock } from './server-clock.js';

describe('freshness', () => {
  it.each([
    [0, 1_000, 'live'],
    [4_000, 1_000, 'live'],
    [5_000, 1_000, 'lagging'],
    [31_000, 1_000, 'stale'],
    [35_000, 15_000, 'live'],
    [60_000, 15_000, 'lagging'],
    [151_000, 15_000, 'stale'],
  ])('data %d ms old that come every %d ms are %s', (ageMs, intervalMs, expected) => {
    expect(freshnessOf(ageMs, intervalMs)).toBe(expected);
  });

  it('learns how often data come, whatever single gaps there are', () => {
    const cadence = new Cadence();
    for (const newestMs of [1_000, 2_000, 3_000, 60_000, 61_000, 61_000, 62_000]) cadence.observe(newestMs);
    expect(cadence.intervalMs).toBe(1_000);
  });
});

describe("the server's clock", () => {
  it('is told by the quickest frame', () => {
    const clock = new ServerClock();
    clock.observe(10_000, 5_300);
    clock.observe(11_000, 6_020);
    clock.observe(12_000, 7_400);
    expect(clock.at(8_000)).toBe(12_980);
  });

  it('forgets an old estimate after two spans, and at once when told to', () => {
    const clock = new ServerClock();
    clock.observe(0, 0);
    clock.observe(61_000, 61_500);
    clock.observe(122_000, 122_500);
    expect(clock.at(130_000)).toBe(129_500);
    clock.reset();
    expect(clock.at(130_000)).toBe(130_000);
  });
});
