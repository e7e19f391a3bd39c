import { type PlotCommand, type PlotFrame, type StageMessage, transferables } from './plot-commands.js';
import type { PlotStage } from './plot-stage.js';

/** Where commands go. */
export interface PlotBackend {
  readonly kind: 'worker' | 'page';
  send(commands: readonly PlotCommand[]): void;
  /** The canvas on which a plot is drawn, made of one of the page's. */
  adopt(canvas: HTMLCanvasElement): HTMLCanvasElement | OffscreenCanvas;
  stop(): void;
}

export interface BackendEvents {
  drawn(frames: readonly PlotFrame[]): void;
  /** The backend draws nothing any more; its canvases are lost. */
  failed(reason: string): void;
}

/**
 * Draws on the page's own thread, in slices. The drawing code is loaded only then: with a worker the page never needs it.
 * Commands wait for it.
 */
export function pageBackend({ drawn, failed }: BackendEvents, load = () => import('./plot-stage.js')): PlotBackend {
  let stage: PlotStage | null = null;
  let waiting: PlotCommand[] = [];
  load().then(
    ({ PlotStage: Stage }) => {
      stage = new Stage(drawn);
      stage.run(waiting);
      waiting = [];
    },
    (error: unknown) => failed(String(error)),
  );
  return {
    kind: 'page',
    send(commands) {
      if (stage) stage.run(commands);
      else waiting.push(...commands);
    },
    adopt: (canvas) => canvas,
    stop: () => {},
  };
}

/** A worker that has said nothing for so long after its start will not draw: a blocked script, or a browser that lies. */
const READY_WITHIN_MS = 10_000;

/** Draws in a worker. Fails when the worker cannot be loaded, breaks, or does not answer in time. */
export function workerBackend(makeWorker: () => Worker, events: BackendEvents): PlotBackend {
  const worker = makeWorker();
  let over = false;
  const fail = (reason: string): void => {
    if (over) return;
    stop();
    events.failed(reason);
  };
  const timer = setTimeout(() => fail('the worker does not answer'), READY_WITHIN_MS);
  const stop = (): void => {
    over = true;
    clearTimeout(timer);
    worker.terminate();
  };
  worker.onmessage = ({ data }: MessageEvent<StageMessage>) => {
    if (over) return;
    if (data.say === 'ready') clearTimeout(timer);
    else events.drawn(data.frames);
  };
  worker.onerror = (event) => fail(event.message || 'the worker broke');
  worker.onmessageerror = () => fail('the worker sent something unreadable');
  return {
    kind: 'worker',
    send: (commands) => worker.postMessage(commands, transferables(commands)),
    adopt: (canvas) => canvas.transferControlToOffscreen(),
    stop,
  };
}

/** Whether this browser can draw on a canvas in a worker, in animation frames, with a 2d context. */
export function canDrawInWorker(): boolean {
  return (
    typeof Worker === 'function' &&
    typeof OffscreenCanvas === 'function' &&
    typeof HTMLCanvasElement.prototype.transferControlToOffscreen === 'function' &&
    'requestAnimationFrame' in globalThis &&
    new OffscreenCanvas(1, 1).getContext('2d') !== null
  );
}
