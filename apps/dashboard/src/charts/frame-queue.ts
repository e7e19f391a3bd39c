/** What a frame queue needs of its thread. Times in ms. */
export interface FrameClock {
  requestFrame(callback: () => void): void;
  now(): number;
}

/** So long may drawing take out of one animation frame; the rest waits for the next one, so that no task is long. */
const SLICE_MS = 8;

/**
 * Draws what has changed, in slices of eight milliseconds per animation frame, first come first drawn. An item that is
 * marked again while it waits keeps its place; one that is marked after its turn goes to the end.
 */
export class FrameQueue<T> {
  private readonly waiting = new Set<T>();
  private scheduled = false;

  constructor(
    private readonly clock: FrameClock,
    private readonly draw: (item: T) => void,
    /** Called once at the end of every slice. */
    private readonly afterSlice: () => void = () => {},
  ) {}

  mark(item: T): void {
    this.waiting.add(item);
    this.schedule();
  }

  forget(item: T): void {
    this.waiting.delete(item);
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.clock.requestFrame(() => {
      this.scheduled = false;
      this.slice();
    });
  }

  private slice(): void {
    const end = this.clock.now() + SLICE_MS;
    for (const item of this.waiting) {
      this.waiting.delete(item);
      this.draw(item);
      if (this.clock.now() >= end) break;
    }
    this.afterSlice();
    if (this.waiting.size > 0) this.schedule();
  }
}

/** The animation frames of this thread, page or worker. */
export const animationFrames: FrameClock = {
  requestFrame: (callback) => {
    requestAnimationFrame(callback);
  },
  now: () => performance.now(),
};
