import type { Chart, LinearScaleOptions } from 'chart.js';
import type { Unit } from '../format/units.js';
import type { ColumnView } from './columns.js';
import type { ValueRange } from './value-range.js';

/** How one series is drawn. `faint` ones stand back while another is pointed at. */
export interface SeriesStyle {
  /** Place in the theme's palette. */
  readonly slot: number;
  readonly visible: boolean;
  readonly faint: boolean;
}

/** The series of one expression: they share their time column. */
export interface SceneLayer {
  readonly view: ColumnView;
  readonly styles: readonly SeriesStyle[];
  /** Two neighbouring columns further apart than this are not joined. */
  readonly gapMs: number;
}

/** A value that matters, drawn as a dashed line with its word. */
export interface SceneThreshold {
  readonly value: number;
  readonly word: string;
}

/** Colours and font of the theme, resolved: a canvas knows no custom properties. */
export interface PlotTheme {
  readonly background: string;
  readonly line: string;
  readonly muted: string;
  readonly threshold: string;
  readonly font: string;
  readonly series: readonly string[];
}

/** All that the controller and the scales read while they draw. Times in ms since 1970. */
export interface Scene {
  fromMs: number;
  toMs: number;
  unit: Unit;
  range: ValueRange;
  layers: readonly SceneLayer[];
  threshold: SceneThreshold | null;
  theme: PlotTheme;
}

declare module 'chart.js' {
  interface ChartTypeRegistry {
    multiline: {
      chartOptions: object;
      datasetOptions: { scene: Scene; clip: false };
      defaultDataPoint: never;
      metaExtensions: object;
      parsedDataType: never;
      scales: 'panelTime' | 'panelValue';
    };
  }
  interface CartesianScaleTypeRegistry {
    panelTime: { options: LinearScaleOptions };
    panelValue: { options: LinearScaleOptions };
  }
}

/** The scene of a chart of ours: its only dataset carries it. */
export function sceneOf(chart: Pick<Chart, 'data'>): Scene {
  const dataset = chart.data.datasets[0];
  if (!dataset || !('scene' in dataset)) throw new Error('This chart has no scene.');
  return dataset.scene as Scene;
}
