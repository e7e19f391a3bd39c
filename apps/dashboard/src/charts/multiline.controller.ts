import { DatasetController } from 'chart.js';
import { lowerBound } from './columns.js';
import { markGaps, tracePolyline, type ValueMap } from './polyline.js';
import { type Scene, type SceneLayer, sceneOf } from './scene.js';

/**
 * Every series of a panel in one dataset, drawn straight from the columns of its scene: no elements, no parsing, no copies.
 * Lines are drawn in whole device pixels, one wide, within a whole-pixel clip rectangle: both keep the canvas on its
 * fast path.
 */
export class MultilineController extends DatasetController<'multiline'> {
  static id = 'multiline';
  static defaults = { datasetElementType: false, dataElementType: 'point' };
  static overrides = { scales: {} };

  private x = new Int32Array(0);
  private breaks = new Uint8Array(0);

  override addElements(): void {
    this._cachedMeta._parsed = [];
    this._cachedMeta._sorted = true;
  }

  override buildOrUpdateElements(): void {}
  override update(): void {}
  override parse(): void {}
  override setHoverStyle(): void {}
  override removeHoverStyle(): void {}

  protected override getMaxOverflow(): number {
    return 0;
  }

  override draw(): void {
    const scene = sceneOf(this.chart);
    const { ctx, chartArea, currentDevicePixelRatio: ratio } = this.chart;
    const left = Math.round(chartArea.left * ratio);
    const right = Math.round(chartArea.right * ratio);
    const top = Math.floor(chartArea.top * ratio);
    const bottom = Math.round(chartArea.bottom * ratio);
    const { min, max } = scene.range;
    const map: ValueMap = { bottom, min, perUnit: (bottom - Math.round(chartArea.top * ratio)) / (max - min) };
    ctx.save();
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.beginPath();
    // One pixel more above and below, where the lines of the range's ends lie.
    ctx.rect(left, top - 1, right - left, bottom - top + 2);
    ctx.clip();
    const width = lineWidth(ratio);
    // Strokes of odd width cover whole pixels when they run through their middles.
    const shift = (width % 2) / 2;
    ctx.translate(shift, shift);
    ctx.lineWidth = width;
    ctx.lineJoin = 'round';
    if (scene.threshold) this.drawThreshold(scene, scene.threshold.value, map, left, right);
    for (const layer of scene.layers) this.drawLayer(scene, layer, left, right, map);
    ctx.restore();
    if (scene.threshold)
      this.drawWord(scene, scene.threshold.word, (map.bottom - (scene.threshold.value - min) * map.perUnit) / ratio);
  }

  private drawLayer(scene: Scene, layer: SceneLayer, left: number, right: number, map: ValueMap): void {
    const { view, styles } = layer;
    // One column beyond each end, so that the line runs out of the picture instead of ending in it.
    const first = Math.max(view.start, lowerBound(view, scene.fromMs) - 1);
    const last = Math.min(view.end, lowerBound(view, scene.toMs) + 1);
    const count = last - first;
    if (count <= 0) return;
    if (this.x.length < count) {
      this.x = new Int32Array(count * 2);
      this.breaks = new Uint8Array(count * 2);
    }
    const { x, breaks } = this;
    const perMs = (right - left) / (scene.toMs - scene.fromMs);
    for (let i = 0; i < count; i++) x[i] = left + Math.floor((view.times[first + i] - scene.fromMs) * perMs);
    markGaps(view.times, first, last, layer.gapMs, breaks);
    const { ctx } = this.chart;
    for (const pass of [true, false]) {
      for (let series = 0; series < view.values.length; series++) {
        const style = styles[series];
        if (!style?.visible || style.faint !== pass) continue;
        ctx.globalAlpha = style.faint ? 0.25 : 1;
        ctx.strokeStyle = scene.theme.series[style.slot] ?? scene.theme.muted;
        ctx.beginPath();
        tracePolyline(ctx, view.values[series], first, last, x, breaks, map);
        ctx.stroke();
      }
    }
    ctx.globalAlpha = 1;
  }

  private drawThreshold(scene: Scene, value: number, map: ValueMap, left: number, right: number): void {
    const { ctx, currentDevicePixelRatio: ratio } = this.chart;
    const y = Math.round(map.bottom - (value - map.min) * map.perUnit);
    ctx.strokeStyle = scene.theme.threshold;
    ctx.setLineDash([6 * ratio, 4 * ratio]);
    ctx.beginPath();
    ctx.moveTo(left, y);
    ctx.lineTo(right, y);
    ctx.stroke();
    ctx.setLineDash([]);
  }

  /** The threshold's word at the right end of its line, above it, haloed so that data do not strike it through. */
  private drawWord(scene: Scene, word: string, y: number): void {
    const { ctx, chartArea } = this.chart;
    ctx.save();
    ctx.font = `12px ${scene.theme.font}`;
    ctx.textAlign = 'right';
    ctx.textBaseline = y - 16 < 0 ? 'top' : 'bottom';
    ctx.lineJoin = 'round';
    ctx.lineWidth = 4;
    ctx.strokeStyle = scene.theme.background;
    ctx.fillStyle = scene.theme.threshold;
    const at = y + (ctx.textBaseline === 'top' ? 3 : -2);
    ctx.strokeText(word, chartArea.right - 4, at);
    ctx.fillText(word, chartArea.right - 4, at);
    ctx.restore();
  }
}

/** Lines are one device pixel wide, on very dense screens two, since a third of a CSS pixel cannot be seen. */
export const lineWidth = (ratio: number): number => Math.max(1, Math.round(ratio / 1.5));
