import { axisEndMs, axisStepMs, SharedAxis, type Span } from './charts-axis.js';

const MINUTE = 60_000;

describe('axisEndMs', () => {
  it.each([
    [5 * MINUTE, 1000],
    [15 * MINUTE, 1000],
    [60 * MINUTE, 4000],
    [360 * MINUTE, 24_000],
  ])('a window of %d ms moves in steps of %d ms', (windowMs, step) => {
    expect(axisStepMs(windowMs)).toBe(step);
  });

  it('never cuts off now', () => {
    expect(axisEndMs(12_001, 5 * MINUTE)).toBe(13_000);
    expect(axisEndMs(13_000, 5 * MINUTE)).toBe(13_000);
  });
});

describe('SharedAxis', () => {
  const axisAt = (nowMs: number): { axis: SharedAxis; spans: Span[] } => {
    const axis = new SharedAxis(5 * MINUTE);
    axis.advance(nowMs, false);
    const spans: Span[] = [];
    axis.listen((span) => spans.push(span));
    return { axis, spans };
  };

  it('moves with the data', () => {
    const { axis, spans } = axisAt(10_000);
    axis.advance(10_020, true);
    axis.advance(10_700, true);
    expect(spans.map(({ toMs }) => toMs)).toEqual([11_000]);
  });

  it('moves without data after a moment', () => {
    const { axis, spans } = axisAt(10_000);
    for (const now of [10_100, 10_300, 10_450, 10_550, 10_700]) axis.advance(now, false);
    expect(spans.map(({ toMs }) => toMs)).toEqual([11_000]);
  });

  it('stands still while it is frozen and knows how far behind it is', () => {
    const { axis, spans } = axisAt(10_000);
    axis.freeze();
    axis.advance(15_500, true);
    expect(spans).toEqual([]);
    expect(axis.span.toMs).toBe(10_000);
    expect(axis.liveEndMs).toBe(16_000);
    axis.thaw();
    expect(spans.map(({ toMs }) => toMs)).toEqual([16_000]);
  });

  it('takes another window at once', () => {
    const { axis, spans } = axisAt(10_000);
    axis.setWindow(15 * MINUTE, 10_500);
    expect(spans).toEqual([{ fromMs: 11_000 - 15 * MINUTE, toMs: 11_000 }]);
  });
});
