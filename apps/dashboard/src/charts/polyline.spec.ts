import fc from 'fast-check';
import { markGaps, type Pen, tracePolyline } from './polyline.js';

type Step = readonly ['move' | 'line', number, number];

class RecordingPen implements Pen {
  readonly steps: Step[] = [];
  moveTo(x: number, y: number): void {
    this.steps.push(['move', x, y]);
  }
  lineTo(x: number, y: number): void {
    this.steps.push(['line', x, y]);
  }
}

/** Traces with one value unit per pixel and y upwards from 0, so that y is the negated value. */
function trace(values: readonly number[], x: readonly number[], breaks: readonly number[] = []): readonly Step[] {
  const pen = new RecordingPen();
  const flags = Uint8Array.from(x, (_, i) => breaks[i] ?? 0);
  tracePolyline(pen, Float64Array.from(values), 0, values.length, Int32Array.from(x), flags, {
    bottom: 0,
    min: 0,
    perUnit: -1,
  });
  return pen.steps;
}

describe('tracePolyline', () => {
  it('joins one point per pixel', () => {
    expect(trace([1, 3, 2], [0, 5, 10])).toEqual([
      ['move', 0, 1],
      ['line', 5, 3],
      ['line', 10, 2],
    ]);
  });

  it('breaks where a value is absent', () => {
    expect(trace([1, 2, NaN, 4, 5], [0, 1, 2, 3, 4])).toEqual([
      ['move', 0, 1],
      ['line', 1, 2],
      ['move', 3, 4],
      ['line', 4, 5],
    ]);
  });

  it('breaks where the time has a gap', () => {
    expect(trace([1, 2, 4, 5], [0, 1, 9, 10], [0, 0, 1, 0])).toEqual([
      ['move', 0, 1],
      ['line', 1, 2],
      ['move', 9, 4],
      ['line', 10, 5],
    ]);
  });

  it('shows a point that stands alone', () => {
    expect(trace([NaN, 7, NaN], [0, 5, 9])).toEqual([
      ['move', 5, 7],
      ['line', 6, 7],
    ]);
    expect(trace([7], [5])).toEqual([
      ['move', 5, 7],
      ['line', 6, 7],
    ]);
  });

  it('draws a pixel with many points from minimum to maximum, entered first and left last', () => {
    expect(trace([5, 1, 9, 6, 6], [3, 3, 3, 3, 4])).toEqual([
      ['move', 3, 5],
      ['line', 3, 1],
      ['line', 3, 9],
      ['line', 3, 6],
      ['line', 4, 6],
    ]);
  });

  it('reaches the minimum and maximum of every pixel, whatever the data', () => {
    const point = fc.tuple(
      fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -50, max: 50 }) }, { weight: 1, arbitrary: fc.constant(NaN) }),
      fc.nat(1),
    );
    fc.assert(
      fc.property(fc.array(point, { maxLength: 80 }), (points) => {
        let pixel = 0;
        const x = points.map(([, advance]) => (pixel += advance));
        const values = points.map(([value]) => value);
        const reached = new Map<number, number[]>();
        for (const [, px, py] of trace(values, x)) reached.set(px, [...(reached.get(px) ?? []), py]);
        const expected = new Map<number, number[]>();
        values.forEach((value, i) => {
          if (!Number.isNaN(value)) expected.set(x[i] ?? 0, [...(expected.get(x[i] ?? 0) ?? []), value]);
        });
        for (const [px, ys] of expected) {
          const drawn = reached.get(px) ?? [];
          expect(
            drawn.length > 0 && Math.min(...drawn) <= Math.min(...ys) && Math.max(...drawn) >= Math.max(...ys),
          ).toBe(true);
        }
      }),
    );
  });
});

describe('markGaps', () => {
  it('marks the columns that stand too far from the one before', () => {
    const breaks = new Uint8Array(5);
    markGaps(Float64Array.of(0, 10, 20, 36, 46), 0, 5, 15, breaks);
    expect([...breaks]).toEqual([0, 0, 0, 1, 0]);
  });
});
