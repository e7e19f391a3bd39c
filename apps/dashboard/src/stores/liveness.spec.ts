import { livenessOf, nextClockOffset, nextRhythm } from './liveness.js';

const facts = { connected: true, everConnected: true, heardMs: 10_000, rhythmMs: 1_000 };

describe('livenessOf', () => {
  it.each([
    ['live', facts, 14_900],
    ['silent', facts, 15_001],
    ['live', { ...facts, rhythmMs: 5_000 }, 24_000],
    ['silent', { ...facts, rhythmMs: 5_000 }, 25_001],
    ['lost', { ...facts, connected: false }, 10_001],
    ['connecting', { ...facts, connected: false, everConnected: false }, 10_001],
  ])('is %s', (liveness, known, nowMs) => {
    expect(livenessOf(known, nowMs)).toBe(liveness);
  });
});

describe('nextRhythm', () => {
  it('follows a slower beat at once and a faster one slowly', () => {
    expect(nextRhythm(1_000, 5_000)).toBe(5_000);
    expect(nextRhythm(5_000, 1_000)).toBe(4_600);
  });
});

describe('nextClockOffset', () => {
  it('trusts the message that was under way for the shortest time', () => {
    expect(nextClockOffset(null, -300)).toBe(-300);
    expect(nextClockOffset(-300, -40)).toBe(-40);
    expect(nextClockOffset(-40, -300)).toBeCloseTo(-45.2);
  });

  it('follows a clock that was set back', () => {
    expect(nextClockOffset(0, -60_000)).toBe(-60_000);
  });
});
