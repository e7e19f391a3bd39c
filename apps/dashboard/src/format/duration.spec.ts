import { formatAge, formatDuration, parseDuration } from './duration.js';

describe('formatDuration', () => {
  it.each([
    [-5, '0s'],
    [0, '0s'],
    [999, '0s'],
    [41_000, '41s'],
    [60_000, '1m'],
    [134_000, '2m 14s'],
    [18 * 60_000, '18m'],
    [8_040_000, '2h 14m'],
    [3_605_000, '1h'],
    [86_400_000 * 3, '3d'],
    [86_400_000 * 3 + 3_600_000 * 4 + 59_000, '3d 4h'],
  ])('prints %d ms as %s', (spanMs, text) => {
    expect(formatDuration(spanMs)).toBe(text);
  });
});

describe('formatAge', () => {
  it.each([
    [-20, '0.0 s'],
    [400, '0.4 s'],
    [9_940, '9.9 s'],
    [9_960, '10 s'],
    [42_400, '42 s'],
    [90_000, '1m 30s'],
  ])('prints %d ms as %s', (ageMs, text) => {
    expect(formatAge(ageMs)).toBe(text);
  });
});

describe('parseDuration', () => {
  it.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1h 30m', 5_400_000],
    ['2d', 172_800_000],
    ['1w', 604_800_000],
    ['250ms', 250],
  ])('reads %s as %d ms', (text, spanMs) => {
    expect(parseDuration(text)).toBe(spanMs);
  });

  it.each(['', '5', 'm', '5x', '-5m', '0s', '1h later'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
