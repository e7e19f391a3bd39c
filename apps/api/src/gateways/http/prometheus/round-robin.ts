/** Work in slices: `next()` does one, `done` tells that it was the last. */
type Sliced<T> = Iterator<void, T>;

interface Task {
  /** Does one slice; true when the task is over. */
  readonly slice: () => boolean;
}

/**
 * Runs sliced work one slice at a time, in turn, and lets the rest of the process have the event loop after each, so that
 * twenty heavy queries hold up a topic no longer than one of their slices.
 */
export class RoundRobin {
  private readonly tasks: Task[] = [];

  /** Resolves with the result, rejects with what a slice throws. */
  run<T>(work: Sliced<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const slice = (): boolean => {
        try {
          const { done, value } = work.next();
          if (done !== true) return false;
          resolve(value);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
        return true;
      };
      // Most queries are over within their first slice and need not wait for a turn.
      if (slice()) return;
      this.tasks.push({ slice });
      if (this.tasks.length === 1) setImmediate(() => this.turn());
    });
  }

  private turn(): void {
    const task = this.tasks.shift();
    if (!task) return;
    if (!task.slice()) this.tasks.push(task);
    if (this.tasks.length > 0) setImmediate(() => this.turn());
  }
}
