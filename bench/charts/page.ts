import { Chart, LinearScale, LineController, LineElement, PointElement } from 'chart.js';
import { type ColumnPatch, ColumnStore } from '../../apps/dashboard/src/charts/columns.js';
import { PlotDesk, type PlotHandle } from '../../apps/dashboard/src/charts/plot-desk.js';
import type { PlotTheme } from '../../apps/dashboard/src/charts/scene.js';

/** How many panels, series in each, and points in each series. */
export interface Load {
  readonly panels: number;
  readonly series: number;
  readonly points: number;
}

/** What the driver calls; one bench page runs one configuration at a time. */
export interface BenchPage {
  open(kind: 'stock' | 'tuned' | 'page' | 'worker', load: Load): void;
  /** `count` ticks, one every `everyMs`; resolves with the ms from data to the last panel drawn, tick by tick. */
  run(count: number, everyMs: number): Promise<readonly number[]>;
  close(): void;
}

const STEP_MS = 1000;
const START_MS = 1_700_000_000_000;
const colour = (i: number): string => `hsl(${(i * 47) % 360} 70% 60%)`;
const theme: PlotTheme = {
  background: '#111',
  line: '#333',
  muted: '#999',
  threshold: '#da3',
  font: 'sans-serif',
  series: Array.from({ length: 12 }, (_, i) => colour(i)),
};

/** A repeatable wave with noise, between 0 and 100. */
function valueAt(panel: number, series: number, tick: number): number {
  const noise = Math.sin(tick * 12.9898 + series * 78.233 + panel * 3.7) * 43_758.5453;
  return 50 + 30 * Math.sin((tick + series * 40) / (60 + panel)) + 15 * (noise - Math.floor(noise) - 0.5);
}

interface Driven {
  tick(tick: number): void;
  close(): void;
}

let tick = 0;
let driven: Driven | null = null;
let drawn: (() => void) | null = null;

const container = (): HTMLElement => {
  const element = document.createElement('div');
  element.className = 'plot';
  document.body.append(element);
  return element;
};

/** Chart.js as its documentation begins (`tuned` false), or with all that it recommends for speed. */
function stock({ panels, series, points }: Load, tuned: boolean): Driven {
  Chart.register(LinearScale, LineController, LineElement, PointElement);
  const data = (panel: number, line: number): { x: number; y: number }[] =>
    Array.from({ length: points }, (_, i) => ({ x: START_MS + i * STEP_MS, y: valueAt(panel, line, i) }));
  const charts = Array.from({ length: panels }, (_, panel) => {
    const canvas = document.createElement('canvas');
    const parent = container();
    parent.append(canvas);
    return new Chart(canvas, {
      type: 'line',
      data: {
        datasets: Array.from({ length: series }, (_, line) => ({
          data: data(panel, line),
          borderColor: colour(line),
          borderWidth: 1,
          ...(tuned && { pointRadius: 0 }),
        })),
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        ...(tuned && { parsing: false as const, normalized: true }),
        scales: { x: { type: 'linear' }, y: { type: 'linear' } },
        plugins: { legend: { display: false } },
      },
    });
  });
  return {
    tick(now) {
      charts.forEach((chart, panel) => {
        chart.data.datasets.forEach(({ data: column }, line) => {
          column.shift();
          column.push({ x: START_MS + now * STEP_MS, y: valueAt(panel, line, now) });
        });
        chart.update('none');
      });
      drawn?.();
    },
    close: () => charts.forEach((chart) => chart.destroy()),
  };
}

/** The dashboard's own way: the page keeps the columns, and the plots get what is new. */
function ours({ panels, series, points }: Load, worker: boolean): Driven {
  const desk = new PlotDesk(
    worker
      ? () => new Worker(new URL('../../apps/dashboard/src/charts/plot.worker.ts', import.meta.url), { type: 'module' })
      : null,
  );
  desk.setTheme(theme);
  let waiting = new Set<number>();
  const plots = Array.from({ length: panels }, (_, panel): { store: ColumnStore; handle: PlotHandle } => {
    const store = new ColumnStore();
    const values = new Float64Array(series * points);
    for (let line = 0; line < series; line++) {
      for (let i = 0; i < points; i++) values[line * points + i] = valueAt(panel, line, i);
    }
    const times = Float64Array.from({ length: points }, (_, i) => START_MS + i * STEP_MS);
    store.apply({ fromMs: -Infinity, keepFromMs: -Infinity, series, times, values });
    const handle = desk.open(container(), { unit: 'none', bare: false, threshold: null }, () => {
      waiting.delete(panel);
      if (waiting.size === 0) drawn?.();
    });
    handle.resize({ width: 340, height: 160, ratio: devicePixelRatio });
    handle.setLayer(
      0,
      Array.from({ length: series }, (_, line) => ({ slot: line % 12, visible: true, faint: false })),
      1.5 * STEP_MS,
    );
    handle.setSource(0, () => store, 0);
    return { store, handle };
  });
  return {
    tick(now) {
      waiting = new Set(plots.keys());
      const timeMs = START_MS + now * STEP_MS;
      const keepFromMs = timeMs - points * STEP_MS;
      plots.forEach(({ store, handle }, panel) => {
        const values = Float64Array.from({ length: series }, (_, line) => valueAt(panel, line, now));
        const patch: ColumnPatch = { fromMs: timeMs, keepFromMs, series, times: Float64Array.of(timeMs), values };
        store.apply(patch);
        handle.pull(0, timeMs, keepFromMs, timeMs);
        handle.setSpan(keepFromMs, timeMs);
      });
    },
    close: () => plots.forEach(({ handle }) => handle.close()),
  };
}

const page: BenchPage = {
  open(kind, load) {
    tick = load.points;
    driven = kind === 'stock' || kind === 'tuned' ? stock(load, kind === 'tuned') : ours(load, kind === 'worker');
  },
  async run(count, everyMs) {
    const took: number[] = [];
    for (let i = 0; i < count; i++) {
      const start = performance.now();
      await new Promise<void>((resolve) => {
        drawn = resolve;
        driven?.tick(tick++);
      });
      took.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, everyMs - (performance.now() - start))));
    }
    return took;
  },
  close() {
    driven?.close();
    document.body.replaceChildren();
  },
};

(globalThis as { bench?: BenchPage }).bench = page;
