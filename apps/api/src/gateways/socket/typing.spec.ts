import { ManualClock } from '../../model/manual-clock.fixture.js';
import { Typing } from './typing.js';

it('ends by itself when nobody says that it goes on', () => {
  const clock = new ManualClock();
  const told: string[] = [];
  const typing = new Typing(clock, (room, names) => told.push(`${room} ${names.join()}`));
  typing.start('a', 'ana');
  clock.advance(5_000);
  typing.start('a', 'ana');
  clock.advance(5_000);
  typing.start('a', 'ben');
  expect(told).toEqual(['a ana', 'a ana,ben']);
  clock.advance(1_000);
  expect(told.at(-1)).toBe('a ben');
  typing.close();
  clock.advance(60_000);
  expect(told).toHaveLength(3);
});
