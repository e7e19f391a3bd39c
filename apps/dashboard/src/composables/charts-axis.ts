/** Ends of a time axis, ms since 1970 by the server's clock. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The axis moves in steps of one second, of more where that is less than a pixel. */
export const axisStepMs = (windowMs: number): number => Math.max(1000, Math.floor(windowMs / 900_000) * 1000);

/**
 * The end of the axis at `nowMs`: the next step, so that no sample is cut off and every panel that asks within a step
 * gets the same end.
 */
export const axisEndMs = (nowMs: number, windowMs: number): number => {
  const step = axisStepMs(windowMs);
  return Math.ceil(nowMs / step) * step;
};

/** How long the axis waits for data to move with, so that a panel is drawn once per second and not twice. */
const WAIT_FOR_DATA_MS = 400;

/**
 * The time axis of all panels of a page. It moves when new data arrive after its end has changed, or a moment
 * later without them.
 */
export class SharedAxis {
  private readonly listeners = new Set<(span: Span) => void>();
  private endMs = 0;
  private dueSinceMs: number | null = null;
  private frozenMs: number | null = null;

  constructor(private windowMs: number) {}

  get span(): Span {
    const toMs = this.frozenMs ?? this.endMs;
    return { fromMs: toMs - this.windowMs, toMs };
  }

  /** Where the axis would end if it were not frozen. */
  get liveEndMs(): number {
    return this.endMs;
  }

  listen(listener: (span: Span) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Time has passed. `data`: something has just arrived that will be drawn anyway. */
  advance(nowMs: number, data: boolean): void {
    const endMs = axisEndMs(nowMs, this.windowMs);
    if (endMs === this.endMs) return;
    // A clock that is set back moves the axis back at once.
    const first = this.endMs === 0 || endMs < this.endMs;
    this.dueSinceMs ??= nowMs;
    if (!first && !data && nowMs - this.dueSinceMs < WAIT_FOR_DATA_MS) return;
    this.dueSinceMs = null;
    this.endMs = endMs;
    if (this.frozenMs === null) this.tell();
  }

  setWindow(windowMs: number, nowMs: number): void {
    this.windowMs = windowMs;
    this.endMs = axisEndMs(nowMs, windowMs);
    this.tell();
  }

  freeze(): void {
    this.frozenMs ??= this.endMs;
  }

  thaw(): void {
    if (this.frozenMs === null) return;
    this.frozenMs = null;
    this.tell();
  }

  private tell(): void {
    const { span } = this;
    for (const listener of this.listeners) listener(span);
  }
}
