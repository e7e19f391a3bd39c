import { readFileSync } from 'node:fs';
import { Chart } from 'chart.js';
import { hasKnownInternals, KNOWN_VERSION } from './chart-internals.js';
import { Plot, type PlotConfig } from './plot.js';
import { type RecordingCanvas, recordingCanvas, strokes, texts } from './recording-canvas.fixture.js';
import type { PlotTheme, SeriesStyle } from './scene.js';

const THEME: PlotTheme = {
  background: 'black',
  line: 'grid',
  muted: 'muted',
  threshold: 'threshold',
  font: 'system-ui',
  series: ['a', 'b'],
};
const CONFIG: PlotConfig = { unit: 'none', bare: false, threshold: null };
const style = (slot: number, more: Partial<SeriesStyle> = {}): SeriesStyle => ({
  slot,
  visible: true,
  faint: false,
  ...more,
});
const T0 = new Date(2026, 2, 3, 14, 0, 0).getTime();

/** A plot of 400 × 200 pixels over a minute, with a series `a` that climbs from 0 to 59 and a constant `b`. */
function plotOfTwo(config: Partial<PlotConfig> = {}): { plot: Plot; canvas: RecordingCanvas } {
  const canvas = recordingCanvas();
  const plot = new Plot(canvas, { ...CONFIG, ...config }, THEME);
  plot.resize({ width: 400, height: 200, ratio: 1 });
  plot.setLayer(0, [style(0), style(1)], 1500);
  const times = Float64Array.from({ length: 60 }, (_, i) => T0 + i * 1000);
  const values = Float64Array.from({ length: 120 }, (_, i) => (i < 60 ? i : 20));
  plot.applyColumns(0, { fromMs: -Infinity, keepFromMs: -Infinity, series: 2, times, values });
  plot.setSpan(T0, T0 + 60_000);
  plot.draw();
  return { plot, canvas };
}
const push = (plot: Plot, second: number, a: number): void => {
  const timeMs = T0 + second * 1000;
  plot.applyColumns(0, {
    fromMs: timeMs,
    keepFromMs: timeMs - 60_000,
    series: 2,
    times: Float64Array.of(timeMs),
    values: Float64Array.of(a, 20),
  });
  plot.setSpan(timeMs - 60_000, timeMs);
};
const drawnSince = (plot: Plot, canvas: RecordingCanvas): number => {
  const from = canvas.calls.length;
  plot.draw();
  return from;
};

describe('chart.js', () => {
  it('is the version that the fast path was written against, pinned exactly', () => {
    const packageJson = JSON.parse(readFileSync('apps/dashboard/package.json', 'utf8'));
    expect(Chart.version).toBe(KNOWN_VERSION);
    expect(packageJson.dependencies['chart.js']).toBe(KNOWN_VERSION);
  });

  it('is not trusted in another version, or when its caches are elsewhere', () => {
    const scale = { options: { display: true }, _gridLineItems: [], _labelItems: [], configure: () => {} };
    const chart = (scales: object): Pick<Chart, 'scales'> => ({ scales }) as unknown as Pick<Chart, 'scales'>;
    expect(hasKnownInternals(chart({ x: scale }))).toBe(true);
    expect(hasKnownInternals(chart({ x: scale }), '4.6.2')).toBe(false);
    expect(hasKnownInternals(chart({ x: { ...scale, _labelItems: undefined } }))).toBe(false);
    expect(hasKnownInternals(chart({ x: { ...scale, _gridLineItems: undefined } }))).toBe(false);
  });
});

describe('Plot', () => {
  it('draws each series in its colour, one device pixel wide, on whole pixels', () => {
    const { canvas } = plotOfTwo();
    const lines = strokes(canvas)
      .filter(({ colour }) => colour === 'a' || colour === 'b')
      .slice(-2);
    expect(lines.map(({ colour, width }) => [colour, width])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    const points = lines.flatMap(({ path }) => path.flatMap(([, ...at]) => at));
    expect(points).toHaveLength(240);
    expect(points.every(Number.isInteger)).toBe(true);
  });

  it('takes the fast path while time moves within the same range', () => {
    const { plot, canvas } = plotOfTwo();
    const before = plot.drawn.full;
    for (let second = 60; second < 70; second++) {
      push(plot, second, 30);
      plot.draw();
    }
    expect(plot.drawn).toEqual({ fast: 10, full: before });
    const from = drawnSince(plot, canvas);
    expect(texts(canvas, from)).toContain('14:00:30');
  });

  it('draws the same picture on the fast path as on the whole one', () => {
    const { plot, canvas } = plotOfTwo();
    push(plot, 60, 30);
    const fast = canvas.calls.slice(drawnSince(plot, canvas));
    plot.setTheme({ ...THEME });
    const whole = canvas.calls.slice(drawnSince(plot, canvas));
    expect(plot.drawn.full).toBe(2);
    const marks = (calls: typeof fast): unknown[] =>
      calls
        .filter(({ method }) => /^(moveTo|lineTo|stroke|fillText|strokeText|rect|clip)$/.test(method))
        .map(({ method, args }) => [method, ...args]);
    expect(marks(whole)).toEqual(marks(fast));
  });

  it('takes the whole path when a value leaves the range, and labels the new range', () => {
    const { plot, canvas } = plotOfTwo();
    push(plot, 60, 900);
    const from = drawnSince(plot, canvas);
    expect(plot.drawn.full).toBe(2);
    expect(texts(canvas, from)).toContain('750');
  });

  it('keeps its value labels inside the left edge and its grid horizontal', () => {
    const { canvas } = plotOfTwo();
    const grid = strokes(canvas).filter(({ colour }) => colour === 'grid');
    expect(grid.length).toBeGreaterThan(2);
    for (const { path } of grid) expect(path[0]?.[2]).toBe(path[1]?.[2]);
    expect(texts(canvas)).toEqual(expect.arrayContaining(['0', '20', '40', '60']));
  });

  it('leaves hidden series out, of the picture and of the range', () => {
    const { plot, canvas } = plotOfTwo();
    plot.setLayer(0, [style(0, { visible: false }), style(1)], 1500);
    const from = drawnSince(plot, canvas);
    expect(strokes(canvas, from).some(({ colour }) => colour === 'a')).toBe(false);
    expect(plot.draw()).toMatchObject({ min: 10, max: 30 });
  });

  it('draws faint series first and lets the others stand out', () => {
    const { plot, canvas } = plotOfTwo();
    plot.setLayer(0, [style(0), style(1, { faint: true })], 1500);
    const lines = strokes(canvas, drawnSince(plot, canvas)).filter(({ colour }) => colour === 'a' || colour === 'b');
    expect(lines.map(({ colour, alpha }) => [colour, alpha])).toEqual([
      ['b', 0.25],
      ['a', 1],
    ]);
  });

  it('leaves a gap where columns are missing', () => {
    const { plot, canvas } = plotOfTwo();
    push(plot, 64, 30);
    const line = strokes(canvas, drawnSince(plot, canvas)).find(({ colour }) => colour === 'a');
    expect(line?.path.filter(([method]) => method === 'moveTo')).toHaveLength(2);
  });

  it('draws a threshold as a dashed line with its word and shows it whatever the data', () => {
    const { plot, canvas } = plotOfTwo({ threshold: { value: 80, word: 'threshold 80' } });
    expect(strokes(canvas).some(({ colour }) => colour === 'threshold')).toBe(true);
    expect(
      canvas.calls.some(({ method, args }) => method === 'setLineDash' && (args[0] as number[]).length === 2),
    ).toBe(true);
    expect(texts(canvas)).toContain('threshold 80');
    expect(plot.draw().max).toBeGreaterThanOrEqual(80);
  });

  it('draws a sparkline without axes or grid, and moves it on the fast path too', () => {
    const { plot, canvas } = plotOfTwo({ bare: true });
    push(plot, 60, 30);
    const from = drawnSince(plot, canvas);
    expect(texts(canvas)).toEqual([]);
    expect(strokes(canvas, from).map(({ colour }) => colour)).toEqual(['a', 'b']);
    expect(plot.drawn.fast).toBe(1);
  });

  it('sizes its canvas in device pixels', () => {
    const { plot, canvas } = plotOfTwo();
    plot.resize({ width: 500, height: 100, ratio: 2 });
    plot.draw();
    expect([canvas.width, canvas.height]).toEqual([1000, 200]);
    plot.resize({ width: 500, height: 100, ratio: 1 });
    plot.draw();
    expect([canvas.width, canvas.height]).toEqual([500, 100]);
  });
});
