import type { MetricsDelta } from '@opsroom/contracts';
import { FrameHistory, type HistoryLimits } from './history.js';

const frame = (o: number, values = 1): MetricsDelta => ({
  t: 'm:1',
  e: 'e1',
  o,
  n: 0,
  v: o * 1_000,
  c: [[o * 1_000, 0, Array.from({ length: values * 2 }, () => 0)]],
});
const at = (offset: number, epoch = 'e1') => ({ epoch, offset });

describe('the history of a topic', () => {
  const filled = (count: number, limits: Partial<HistoryLimits> = {}, values = 1) => {
    const history = new FrameHistory({ frames: 5, bytes: 1e6, windowMs: 1e6, ...limits });
    for (let o = 1; o <= count; o++) history.push(frame(o, values));
    return history;
  };

  it('gives what was missed as one frame', () => {
    const missed = filled(4).since(at(2), at(4));
    expect(missed).toMatchObject({
      b: 2,
      o: 4,
      c: [
        [3_000, 0, [0, 0]],
        [4_000, 0, [0, 0]],
      ],
    });
  });

  it('tells nothing missed from too much missed', () => {
    const history = filled(9);
    expect(history.since(at(9), at(9))).toBe('nothing');
    expect(history.since(at(4), at(9))).toMatchObject({ b: 4, o: 9 });
    expect(history.since(at(3), at(9))).toBeUndefined();
    expect(history.since(at(9, 'e0'), at(9))).toBeUndefined();
    expect(history.since(at(12), at(9))).toBeUndefined();
  });

  it('is bounded in bytes too', () => {
    const history = filled(5, { frames: 100, bytes: 1_000 }, 100);
    expect(history.since(at(4), at(5))).toBeDefined();
    expect(history.since(at(2), at(5))).toBeUndefined();
  });

  it('reaches no further back than what is shown', () => {
    const history = filled(9, { frames: 100, windowMs: 3_000 });
    expect(history.since(at(5), at(9))).toMatchObject({ b: 5, o: 9 });
    expect(history.since(at(4), at(9))).toBeUndefined();
  });
});
