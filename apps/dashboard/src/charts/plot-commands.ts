import type { ColumnPatch } from './columns.js';
import type { PlotConfig, PlotGeometry, PlotSize } from './plot.js';
import type { PlotTheme, SeriesStyle } from './scene.js';

/**
 * What the page tells the stage on which plots are drawn: the same words whether the stage stands on the page or in a
 * worker. `id` is the plot's; commands for an unknown plot are dropped, since it may just have been closed.
 */
export type PlotCommand =
  | {
      readonly do: 'open';
      readonly id: number;
      readonly canvas: HTMLCanvasElement | OffscreenCanvas;
      readonly config: PlotConfig;
      readonly size: PlotSize;
    }
  | { readonly do: 'close'; readonly id: number }
  | { readonly do: 'configure'; readonly id: number; readonly config: PlotConfig }
  | { readonly do: 'resize'; readonly id: number; readonly size: PlotSize }
  | {
      readonly do: 'layer';
      readonly id: number;
      readonly layer: number;
      readonly styles: readonly SeriesStyle[];
      readonly gapMs: number;
    }
  /** `newestMs` is the time of the newest sample that these columns come from; it comes back with the frame that shows them. */
  | {
      readonly do: 'columns';
      readonly id: number;
      readonly layer: number;
      readonly patch: ColumnPatch;
      readonly newestMs: number;
    }
  | { readonly do: 'span'; readonly id: number; readonly fromMs: number; readonly toMs: number }
  /** Holds for all plots, and for those that are opened later. */
  | { readonly do: 'theme'; readonly theme: PlotTheme };

/** A frame that a plot has drawn. */
export interface PlotFrame extends PlotGeometry {
  readonly id: number;
  /** Time of the newest sample on it, 0 without any; ms since 1970 by the server's clock. */
  readonly newestMs: number;
  /** When it was drawn; ms since 1970 by this machine's clock. */
  readonly drawnMs: number;
}

/** What a stage in a worker says. */
export type StageMessage = { readonly say: 'ready' } | { readonly say: 'drawn'; readonly frames: readonly PlotFrame[] };

/** Buffers and canvases of commands that move to a worker instead of being copied. */
export function transferables(commands: readonly PlotCommand[]): Transferable[] {
  return commands.flatMap((command): Transferable[] => {
    if (command.do === 'columns') return [command.patch.times.buffer, command.patch.values.buffer] as ArrayBuffer[];
    if (command.do === 'open' && typeof OffscreenCanvas !== 'undefined' && command.canvas instanceof OffscreenCanvas)
      return [command.canvas];
    return [];
  });
}
