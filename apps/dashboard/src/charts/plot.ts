import { BasicPlatform, Chart, type ChartConfiguration, PointElement } from 'chart.js';
import type { Unit } from '../format/units.js';
import { hasKnownInternals, moveScale } from './chart-internals.js';
import { type ColumnPatch, ColumnStore } from './columns.js';
import { extentOf } from './extent.js';
import { lineWidth, MultilineController } from './multiline.controller.js';
import { PanelTimeScale, PanelValueScale } from './scales.js';
import type { PlotTheme, Scene, SceneThreshold, SeriesStyle } from './scene.js';
import { timeTicks } from './time-ticks.js';
import { keepRange, type RangeState } from './value-range.js';

// Chart.js wants every controller to name a registered element, used or not.
Chart.register(PointElement, MultilineController, PanelTimeScale, PanelValueScale);

/** What a panel's plot looks like, apart from its data. Survives structured cloning. */
export interface PlotConfig {
  readonly unit: Unit;
  /** A sparkline has neither axes nor grid. */
  readonly bare: boolean;
  readonly threshold: SceneThreshold | null;
  readonly softMin?: number | undefined;
  readonly softMax?: number | undefined;
}

export interface PlotSize {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

/** Where the last frame put its values, for what the page lays over the canvas; CSS pixels and the axis's unit. */
export interface PlotGeometry {
  readonly top: number;
  readonly bottom: number;
  readonly min: number;
  readonly max: number;
}

interface Layer {
  readonly view: ColumnStore;
  styles: readonly SeriesStyle[];
  gapMs: number;
}

/** Height of one step of the value axis that reads well, in CSS pixels. */
const STEP_HEIGHT = 34;

/**
 * One chart on one canvas, on the page or in a worker. Moving time and new columns take the fast path (limits, ticks,
 * draw); a change of the value range, of the size or of the looks goes through a whole `chart.update()`.
 */
export class Plot {
  private readonly scene: Scene;
  private readonly layers: Layer[] = [];
  private readonly chart: Chart<'multiline', never[]>;
  private span = { fromMs: 0, toMs: 1 };
  private range: RangeState | null = null;
  private size: PlotSize = { width: 0, height: 0, ratio: 1 };
  private restyled = true;
  private drawnRatio = 0;
  private fast: boolean | null = null;
  /** How often each path was taken, for tests and benchmarks. */
  readonly drawn = { fast: 0, full: 0 };

  constructor(
    canvas: HTMLCanvasElement | OffscreenCanvas,
    private config: PlotConfig,
    theme: PlotTheme,
  ) {
    this.scene = {
      fromMs: 0,
      toMs: 1,
      unit: config.unit,
      range: { min: 0, max: 1, step: 1 },
      layers: this.layers,
      threshold: config.threshold,
      theme,
    };
    this.chart = new Chart(canvas as HTMLCanvasElement, this.configuration());
  }

  configure(config: PlotConfig): void {
    this.config = config;
    this.scene.unit = config.unit;
    this.scene.threshold = config.threshold;
    this.range = null;
    this.restyle();
  }

  setTheme(theme: PlotTheme): void {
    this.scene.theme = theme;
    this.restyle();
  }

  /** Sizes the canvas; nothing is drawn until `draw`. */
  resize(size: PlotSize): void {
    if (size.width === this.size.width && size.height === this.size.height && size.ratio === this.size.ratio) return;
    this.size = size;
    this.restyle();
  }

  /** Gives the layer its looks, and makes it when it is new. */
  setLayer(index: number, styles: readonly SeriesStyle[], gapMs: number): void {
    const layer = this.layer(index);
    // With other series visible the old range means nothing.
    if (styles.some((style, i) => style.visible !== (layer.styles[i]?.visible ?? true))) this.range = null;
    layer.styles = styles;
    layer.gapMs = gapMs;
  }

  applyColumns(index: number, patch: ColumnPatch): void {
    this.layer(index).view.apply(patch);
  }

  setSpan(fromMs: number, toMs: number): void {
    this.span = { fromMs, toMs };
  }

  draw(): PlotGeometry {
    const { scene, chart, config } = this;
    this.alignSpan();
    const extent = extentOf(this.layers, scene.fromMs, scene.toMs);
    const state = keepRange(
      this.range,
      extent,
      {
        unit: config.unit,
        steps: Math.max(2, Math.floor((this.size.height - 36) / STEP_HEIGHT)),
        include: config.threshold ? [config.threshold.value] : [],
        softMin: config.softMin,
        softMax: config.softMax,
      },
      scene.toMs,
    );
    const rescaled = this.range?.range !== state.range;
    this.range = state;
    scene.range = state.range;
    if (this.restyled || rescaled || this.fast === false) this.drawWhole();
    else this.drawMoved();
    return { top: chart.chartArea.top, bottom: chart.chartArea.bottom, min: state.range.min, max: state.range.max };
  }

  destroy(): void {
    this.chart.destroy();
  }

  /** The axis starts on a whole device pixel of its own scale, so that the same samples share a pixel in every frame and nothing shimmers. */
  private alignSpan(): void {
    const { fromMs, toMs } = this.span;
    const grain = (toMs - fromMs) / Math.max(1, Math.round(this.size.width * this.size.ratio));
    this.scene.fromMs = Math.floor(fromMs / grain) * grain;
    this.scene.toMs = this.scene.fromMs + (toMs - fromMs);
  }

  private layer(index: number): Layer {
    while (this.layers.length <= index) this.layers.push({ view: new ColumnStore(), styles: [], gapMs: Infinity });
    return this.layers[index];
  }

  private restyle(): void {
    this.restyled = true;
  }

  private drawWhole(): void {
    const { chart, size } = this;
    if (this.restyled) {
      const { options } = this.configuration();
      if (options) chart.options = options;
      this.restyled = false;
    }
    chart.update('none');
    if (chart.width !== size.width || chart.height !== size.height || this.drawnRatio !== size.ratio) {
      // Chart.js reads the ratio from the options that the update above has resolved; resizing updates and draws again.
      this.drawnRatio = size.ratio;
      chart.resize(size.width, size.height);
    }
    this.fast ??= hasKnownInternals(chart);
    this.drawn.full++;
  }

  private drawMoved(): void {
    const { chart, scene } = this;
    const time = chart.scales.x;
    time.min = scene.fromMs;
    time.max = scene.toMs;
    if (!this.config.bare) {
      const before = new Map(time.ticks.map((tick) => [tick.value, tick]));
      // A tick that stays keeps its object, to which Chart.js has tied the options that it resolved.
      time.ticks = timeTicks(time.min, time.max, time.width).map((tick) => before.get(tick.value) ?? tick);
    }
    moveScale(time);
    chart.draw();
    this.drawn.fast++;
  }

  private configuration(): ChartConfiguration<'multiline', never[]> {
    const { theme } = this.scene;
    const { bare } = this.config;
    const ratio = this.size.ratio;
    const font = { family: theme.font, size: 12, lineHeight: 1 };
    const text = { color: theme.muted, font, autoSkip: false };
    return {
      type: 'multiline',
      data: { datasets: [{ data: [], scene: this.scene, clip: false }] },
      platform: BasicPlatform,
      options: {
        animation: false,
        responsive: false,
        maintainAspectRatio: false,
        devicePixelRatio: ratio,
        events: [],
        layout: { autoPadding: false, padding: bare ? { top: 2, bottom: 2 } : { top: 14 } },
        scales: {
          x: {
            type: 'panelTime',
            display: !bare,
            border: { display: false },
            grid: { display: false, drawTicks: false },
            ticks: { ...text, padding: 5 },
          },
          y: {
            type: 'panelValue',
            display: !bare,
            border: { display: false },
            grid: { color: theme.line, lineWidth: lineWidth(ratio) / ratio, drawTicks: false },
            // Inside the left edge, above their lines, on a ground of their own so that data do not strike them through.
            ticks: {
              ...text,
              mirror: true,
              padding: 2,
              labelOffset: -7,
              crossAlign: 'near',
              z: 1,
              showLabelBackdrop: true,
              backdropColor: theme.background,
              backdropPadding: { left: 2, right: 3, top: 0, bottom: 0 },
            },
          },
        },
      },
    };
  }
}
