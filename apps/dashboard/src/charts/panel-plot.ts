import { gapOf } from './column-gap.js';
import type { PanelModel, PanelSource } from './panel-model.js';
import type { PlotHandle } from './plot-desk.js';

interface Cursor {
  revision: number;
  /** Time of the last column but one that was passed on: what comes after it may still be replaced. */
  settledMs: number;
  /** How many frames were passed on since the buffer was new. */
  frames: number;
  gapMs: number;
}

/** Passes on to a plot what has changed in a panel's buffers, and no more: usually the last column. */
export class PanelPlot {
  private readonly cursors: Cursor[] = [];

  constructor(
    private readonly model: Pick<PanelModel, 'view' | 'styles' | 'isFrozen'>,
    private readonly plot: Pick<PlotHandle, 'setSource' | 'pull' | 'setLayer' | 'setSpan'>,
    private readonly stepMs: number,
  ) {}

  /** Frame arrived, or the panel has come back: passes on the layer's new columns. A paused panel takes nothing. */
  sync(layer: number, source: PanelSource & { readonly newestMs: number }, keepFromMs: number): void {
    if (this.model.isFrozen) return;
    const before = this.cursors[layer];
    const known = before?.revision === source.revision;
    if (known) this.plot.pull(layer, before.settledMs + 0.5, keepFromMs, source.newestMs);
    else this.plot.setSource(layer, () => this.model.view(layer), source.newestMs);
    const frames = known ? before.frames + 1 : 0;
    const looks = frames < 8 || frames % 16 === 0;
    const gapMs = known && !looks ? before.gapMs : gapOf(this.model.view(layer), this.stepMs);
    const settledMs = source.to - source.from >= 2 ? source.times[source.to - 2] : -Infinity;
    this.cursors[layer] = { revision: source.revision, settledMs, frames, gapMs };
    if (!known || gapMs !== before.gapMs) this.restyle();
  }

  /** Passes everything on again with the next frame: after a pause. */
  forget(): void {
    this.cursors.length = 0;
  }

  /** Passes on which series are shown and how. */
  restyle(): void {
    this.model.styles().forEach((styles, layer) => {
      this.plot.setLayer(layer, styles, this.cursors[layer]?.gapMs ?? 1.5 * this.stepMs);
    });
  }
}
