import type { ClientSignal } from './client-signal.js';

/** Lets `limit` pass at once and keeps at most `maxWaiting` in line. */
export class Gate {
  private inside = 0;
  private readonly line: (() => void)[] = [];

  constructor(
    private readonly limit: number,
    private readonly maxWaiting: number,
  ) {}

  get running(): number {
    return this.inside;
  }

  get waiting(): number {
    return this.line.length;
  }

  /** Resolves with the function that lets the next one in; undefined at once when the line is full or `signal` aborts in it. */
  enter(signal: ClientSignal): Promise<(() => void) | undefined> {
    if (this.inside < this.limit) return Promise.resolve(this.pass());
    if (this.line.length >= this.maxWaiting || signal.aborted) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const admit = (): void => {
        stay();
        resolve(this.pass());
      };
      const leave = (): void => {
        this.line.splice(this.line.indexOf(admit), 1);
        resolve(undefined);
      };
      const stay = signal.onAborted(leave);
      this.line.push(admit);
    });
  }

  private pass(): () => void {
    this.inside++;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.inside--;
      this.line.shift()?.();
    };
  }
}
