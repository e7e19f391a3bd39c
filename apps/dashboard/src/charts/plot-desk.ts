import { type BackendEvents, canDrawInWorker, pageBackend, type PlotBackend, workerBackend } from './plot-backend.js';
import { type ColumnView, EMPTY_VIEW, patchFrom } from './columns.js';
import type { PlotCommand, PlotFrame } from './plot-commands.js';
import type { PlotConfig, PlotSize } from './plot.js';
import type { PlotTheme, SeriesStyle } from './scene.js';

/** The data of one layer as the page holds them. */
interface DeskLayer {
  view: () => ColumnView;
  styles: readonly SeriesStyle[];
  gapMs: number;
  newestMs: number;
}

/** One plot as the page sees it. All state is kept here, so that it can be opened again on another backend. */
export class PlotHandle {
  private readonly layers: DeskLayer[] = [];
  private span: { fromMs: number; toMs: number } | null = null;
  private canvas: HTMLCanvasElement | null = null;
  private size: PlotSize = { width: 0, height: 0, ratio: 1 };

  constructor(
    readonly id: number,
    /** The canvas is put into this element, and replaced when the backend changes. */
    private readonly parent: HTMLElement,
    private config: PlotConfig,
    private readonly send: (command: PlotCommand) => void,
    private readonly release: () => void,
    readonly onFrame: (frame: PlotFrame, canvas: HTMLCanvasElement) => void,
  ) {}

  configure(config: PlotConfig): void {
    this.config = config;
    this.send({ do: 'configure', id: this.id, config });
  }

  resize(size: PlotSize): void {
    this.size = size;
    if (this.canvas) fit(this.canvas, size);
    this.send({ do: 'resize', id: this.id, size });
  }

  setLayer(layer: number, styles: readonly SeriesStyle[], gapMs: number): void {
    Object.assign(this.layer(layer), { styles, gapMs });
    this.send({ do: 'layer', id: this.id, layer, styles, gapMs });
  }

  /** Shows another source of columns in a layer, from its beginning. */
  setSource(layer: number, view: () => ColumnView, newestMs: number): void {
    this.layer(layer).view = view;
    this.pull(layer, -Infinity, -Infinity, newestMs);
  }

  /** Takes over the columns that have changed: all from `fromMs` on. What is before `keepFromMs` is forgotten. */
  pull(layer: number, fromMs: number, keepFromMs: number, newestMs: number): void {
    const source = this.layer(layer);
    source.newestMs = newestMs;
    this.send({ do: 'columns', id: this.id, layer, patch: patchFrom(source.view(), fromMs, keepFromMs), newestMs });
  }

  setSpan(fromMs: number, toMs: number): void {
    if (this.span?.fromMs === fromMs && this.span.toMs === toMs) return;
    this.span = { fromMs, toMs };
    this.send({ do: 'span', id: this.id, fromMs, toMs });
  }

  drawn(frame: PlotFrame): void {
    if (!this.canvas) return;
    // When its newest sample was drawn first: that minus the sample's time is how late the picture is.
    if (this.canvas.dataset.newestMs !== String(frame.newestMs)) {
      this.canvas.dataset.newestMs = String(frame.newestMs);
      this.canvas.dataset.drawnMs = String(frame.drawnMs);
    }
    this.onFrame(frame, this.canvas);
  }

  /** Says everything from the beginning, to a backend that knows nothing. */
  open(backend: PlotBackend): void {
    this.canvas?.remove();
    this.canvas = document.createElement('canvas');
    this.canvas.setAttribute('aria-hidden', 'true');
    this.canvas.style.display = 'block';
    this.parent.append(this.canvas);
    fit(this.canvas, this.size);
    const { id, config, size } = this;
    this.send({ do: 'open', id, canvas: backend.adopt(this.canvas), config, size });
    this.layers.forEach(({ styles, gapMs, newestMs }, layer) => {
      this.send({ do: 'layer', id, layer, styles, gapMs });
      this.pull(layer, -Infinity, -Infinity, newestMs);
    });
    if (this.span) this.send({ do: 'span', id, ...this.span });
  }

  close(): void {
    this.send({ do: 'close', id: this.id });
    this.canvas?.remove();
    this.release();
  }

  private layer(index: number): DeskLayer {
    while (this.layers.length <= index)
      this.layers.push({ view: () => EMPTY_VIEW, styles: [], gapMs: Infinity, newestMs: 0 });
    return this.layers[index];
  }
}

/** Whole device pixels, so that the browser does not stretch the picture. */
function fit(canvas: HTMLCanvasElement, { width, height, ratio }: PlotSize): void {
  canvas.style.width = `${Math.floor(width * ratio) / ratio}px`;
  canvas.style.height = `${Math.floor(height * ratio) / ratio}px`;
}

/**
 * Opens plots and passes their commands on, gathered per turn of the event loop. It draws in a worker where that
 * works, and moves every open plot to the page's thread when the worker fails.
 */
export class PlotDesk {
  private readonly handles = new Map<number, PlotHandle>();
  private backend: PlotBackend | null = null;
  private pending: PlotCommand[] = [];
  private nextId = 1;
  private theme: PlotTheme | null = null;
  /** Why drawing moved to the page's thread; null while it has not. */
  fallbackReason: string | null = null;

  constructor(private readonly makeWorker: (() => Worker) | null) {}

  get kind(): PlotBackend['kind'] | null {
    return this.backend?.kind ?? null;
  }

  open(
    parent: HTMLElement,
    config: PlotConfig,
    onFrame: (frame: PlotFrame, canvas: HTMLCanvasElement) => void,
  ): PlotHandle {
    const backend = (this.backend ??= this.start());
    const id = this.nextId++;
    const handle = new PlotHandle(
      id,
      parent,
      config,
      (command) => this.send(command),
      () => this.handles.delete(id),
      onFrame,
    );
    this.handles.set(id, handle);
    handle.open(backend);
    return handle;
  }

  setTheme(theme: PlotTheme): void {
    this.theme = theme;
    if (this.backend) this.send({ do: 'theme', theme });
  }

  private start(): PlotBackend {
    const events: BackendEvents = {
      drawn: (frames) => {
        for (const frame of frames) this.handles.get(frame.id)?.drawn(frame);
      },
      failed: (reason) => this.fallBack(reason),
    };
    let backend: PlotBackend | null = null;
    if (this.makeWorker && this.fallbackReason === null && canDrawInWorker()) {
      try {
        backend = workerBackend(this.makeWorker, events);
      } catch (error) {
        this.fallbackReason = String(error);
      }
    }
    if (this.theme) this.send({ do: 'theme', theme: this.theme });
    return backend ?? pageBackend(events);
  }

  /** A canvas that was given to a worker never comes back: every plot gets a new one. */
  private fallBack(reason: string): void {
    // Drawing on the page can fail only by not being loaded; trying again at once would not help.
    if (this.backend?.kind === 'page') return;
    this.fallbackReason = reason;
    this.pending = [];
    const backend = (this.backend = this.start());
    for (const handle of this.handles.values()) handle.open(backend);
  }

  private send(command: PlotCommand): void {
    this.pending.push(command);
    if (this.pending.length > 1) return;
    queueMicrotask(() => {
      const commands = this.pending;
      this.pending = [];
      if (commands.length > 0) this.backend?.send(commands);
    });
  }
}
