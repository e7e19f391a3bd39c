import { animationFrames, type FrameClock, FrameQueue } from './frame-queue.js';
import type { PlotCommand, PlotFrame } from './plot-commands.js';
import { Plot } from './plot.js';
import type { PlotTheme } from './scene.js';

interface StagedPlot {
  readonly id: number;
  readonly plot: Plot;
  newestMs: number;
  /** A plot of no size, or without a span yet, has nothing to draw. */
  sized: boolean;
  spanned: boolean;
}

/** Carries out commands and draws what they have changed. One stage draws all plots of a page, so that they share its slices. */
export class PlotStage {
  private readonly plots = new Map<number, StagedPlot>();
  private readonly queue: FrameQueue<StagedPlot>;
  private frames: PlotFrame[] = [];
  private theme: PlotTheme = {
    background: '#000',
    line: '#333',
    muted: '#999',
    threshold: '#999',
    font: 'sans-serif',
    series: [],
  };

  constructor(onDrawn: (frames: readonly PlotFrame[]) => void, clock: FrameClock = animationFrames) {
    this.queue = new FrameQueue(
      clock,
      (staged) => this.draw(staged),
      () => {
        if (this.frames.length === 0) return;
        const frames = this.frames;
        this.frames = [];
        onDrawn(frames);
      },
    );
  }

  run(commands: readonly PlotCommand[]): void {
    for (const command of commands) {
      if (command.do === 'theme') this.setTheme(command.theme);
      else if (command.do === 'open') this.open(command);
      else this.change(command);
    }
  }

  private open({ id, canvas, config, size }: PlotCommand & { do: 'open' }): void {
    const plot = new Plot(canvas, config, this.theme);
    plot.resize(size);
    this.plots.set(id, { id, plot, newestMs: 0, sized: size.width > 0 && size.height > 0, spanned: false });
  }

  private setTheme(theme: PlotTheme): void {
    this.theme = theme;
    for (const staged of this.plots.values()) {
      staged.plot.setTheme(theme);
      this.queue.mark(staged);
    }
  }

  private change(command: Exclude<PlotCommand, { do: 'open' | 'theme' }>): void {
    const staged = this.plots.get(command.id);
    if (!staged) return;
    switch (command.do) {
      case 'close':
        this.plots.delete(command.id);
        this.queue.forget(staged);
        staged.plot.destroy();
        return;
      case 'configure':
        staged.plot.configure(command.config);
        break;
      case 'resize':
        staged.plot.resize(command.size);
        staged.sized = command.size.width > 0 && command.size.height > 0;
        break;
      case 'layer':
        staged.plot.setLayer(command.layer, command.styles, command.gapMs);
        break;
      case 'columns':
        staged.plot.applyColumns(command.layer, command.patch);
        staged.newestMs = Math.max(staged.newestMs, command.newestMs);
        break;
      case 'span':
        staged.plot.setSpan(command.fromMs, command.toMs);
        staged.spanned = true;
        break;
    }
    this.queue.mark(staged);
  }

  private draw(staged: StagedPlot): void {
    if (!staged.sized || !staged.spanned) return;
    const geometry = staged.plot.draw();
    this.frames.push({
      id: staged.id,
      newestMs: staged.newestMs,
      drawnMs: Math.round(performance.timeOrigin + performance.now()),
      ...geometry,
    });
  }
}
