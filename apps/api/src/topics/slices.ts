import { Subscription } from 'rxjs';
import type { Clock } from '../model/clock.js';

/**
 * Runs queued work in the order in which it came, for at most `budgetMs` at a time, and lets the rest of the process run in
 * between. Queuing what already waits changes nothing, so that work which cannot keep up is done less often, not later and
 * later.
 */
export class Slices<T> {
  private readonly waiting = new Set<T>();
  private readonly pause = new Subscription();
  private running = false;

  constructor(
    private readonly clock: Pick<Clock, 'after' | 'monotonicMs'>,
    private readonly budgetMs: number,
    private readonly work: (item: T) => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  get length(): number {
    return this.waiting.size;
  }

  add(item: T): void {
    this.waiting.add(item);
  }

  delete(item: T): void {
    this.waiting.delete(item);
  }

  /** Works now, and goes on later when the budget does not suffice. */
  run(): void {
    if (this.running || this.pause.closed) return;
    this.running = true;
    const startMs = this.clock.monotonicMs();
    for (const item of this.waiting) {
      this.waiting.delete(item);
      this.work(item);
      if (this.clock.monotonicMs() - startMs >= this.budgetMs) break;
    }
    this.running = false;
    if (this.waiting.size === 0) return;
    this.running = true;
    const rest = this.clock.after(0).subscribe({
      next: () => {
        this.pause.remove(rest);
        this.running = false;
        this.run();
      },
      error: this.failed,
    });
    this.pause.add(rest);
  }

  close(): void {
    this.waiting.clear();
    this.pause.unsubscribe();
  }
}
