import { jest } from '@jest/globals';
import { type BackendEvents, workerBackend } from './plot-backend.js';
import type { PlotCommand, PlotFrame } from './plot-commands.js';
import { PlotDesk } from './plot-desk.js';
import type { PlotConfig } from './plot.js';
import { recordingCanvas } from './recording-canvas.fixture.js';
import type { PlotTheme } from './scene.js';

const THEME: PlotTheme = { background: 'b', line: 'l', muted: 'm', threshold: 't', font: 'f', series: ['s'] };
const CONFIG: PlotConfig = { unit: 'none', bare: false, threshold: null };

/** A worker that only takes messages; tests make it speak and break. */
class StandInWorker {
  static made: StandInWorker[] = [];
  readonly commands: PlotCommand[] = [];
  terminated = false;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;
  onmessageerror: (() => void) | null = null;
  constructor() {
    StandInWorker.made.push(this);
  }
  postMessage(commands: readonly PlotCommand[]): void {
    this.commands.push(...commands);
  }
  terminate(): void {
    this.terminated = true;
  }
  get words(): string[] {
    return this.commands.map((command) => command.do);
  }
}
const makeWorker = (): Worker => new StandInWorker() as unknown as Worker;
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  StandInWorker.made = [];
  // jsdom has no canvas that can be drawn on elsewhere; these say that it has.
  class Offscreen {
    getContext(): object {
      return {};
    }
  }
  Object.assign(globalThis, { OffscreenCanvas: Offscreen, Worker: StandInWorker });
  Object.assign(HTMLCanvasElement.prototype, {
    transferControlToOffscreen: () => new Offscreen(),
    getContext: () => recordingCanvas().getContext(),
  });
});
afterEach(() => {
  delete (globalThis as { OffscreenCanvas?: unknown }).OffscreenCanvas;
  delete (globalThis as { Worker?: unknown }).Worker;
});

describe('PlotDesk', () => {
  it('draws in a worker where there is one, told everything in one message', async () => {
    const desk = new PlotDesk(makeWorker);
    desk.setTheme(THEME);
    const handle = desk.open(document.createElement('div'), CONFIG, () => {});
    handle.setSpan(0, 1000);
    await settle();
    expect(desk.kind).toBe('worker');
    expect(StandInWorker.made[0].words).toEqual(['theme', 'open', 'span']);
    handle.close();
  });

  it('writes on the canvas which samples were drawn, and when first', () => {
    const desk = new PlotDesk(makeWorker);
    const parent = document.createElement('div');
    const frames: PlotFrame[] = [];
    const handle = desk.open(parent, CONFIG, (frame) => frames.push(frame));
    const frame: PlotFrame = { id: handle.id, newestMs: 1234, drawnMs: 1300, top: 0, bottom: 9, min: 0, max: 1 };
    StandInWorker.made[0].onmessage?.({ data: { say: 'drawn', frames: [frame] } });
    expect(parent.querySelector('canvas')?.dataset).toMatchObject({ newestMs: '1234', drawnMs: '1300' });
    expect(frames).toEqual([frame]);
    StandInWorker.made[0].onmessage?.({ data: { say: 'drawn', frames: [{ ...frame, drawnMs: 2000 }] } });
    expect(parent.querySelector('canvas')?.dataset).toMatchObject({ newestMs: '1234', drawnMs: '1300' });
    handle.close();
    expect(parent.querySelector('canvas')).toBeNull();
  });

  it('moves every plot to the page when the worker breaks, on a canvas of its own', () => {
    const desk = new PlotDesk(makeWorker);
    const parent = document.createElement('div');
    const handle = desk.open(parent, CONFIG, () => {});
    const lost = parent.querySelector('canvas');
    StandInWorker.made[0].onerror?.({ message: 'out of memory' });
    expect(desk.kind).toBe('page');
    expect(desk.fallbackReason).toBe('out of memory');
    expect(StandInWorker.made[0].terminated).toBe(true);
    expect(parent.querySelectorAll('canvas')).toHaveLength(1);
    expect(parent.querySelector('canvas')).not.toBe(lost);
    handle.close();
  });

  it('draws on the page where a worker cannot', () => {
    delete (globalThis as { OffscreenCanvas?: unknown }).OffscreenCanvas;
    const desk = new PlotDesk(makeWorker);
    desk.open(document.createElement('div'), CONFIG, () => {}).close();
    expect(desk.kind).toBe('page');
    expect(StandInWorker.made).toEqual([]);
  });
});

describe('workerBackend', () => {
  const events = (): BackendEvents & { failures: string[] } => {
    const failures: string[] = [];
    return { failures, drawn: () => {}, failed: (reason) => failures.push(reason) };
  };

  it('gives up on a worker that never answers', () => {
    jest.useFakeTimers();
    const told = events();
    workerBackend(makeWorker, told);
    jest.advanceTimersByTime(10_000);
    expect(told.failures).toEqual(['the worker does not answer']);
    jest.useRealTimers();
  });

  it('waits no longer once it has answered', () => {
    jest.useFakeTimers();
    const told = events();
    workerBackend(makeWorker, told);
    StandInWorker.made[0].onmessage?.({ data: { say: 'ready' } });
    jest.advanceTimersByTime(60_000);
    expect(told.failures).toEqual([]);
    jest.useRealTimers();
  });
});
