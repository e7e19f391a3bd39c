import { Injectable } from '@nestjs/common';

/** Reads its files again; what it throws is told to whoever asked for the reload, and what was there before stays in force. */
export type ReloadHandler = () => void | Promise<void>;

export interface ReloadOutcome {
  readonly name: string;
  readonly error: string | undefined;
}

/**
 * In: handlers of folders that read files (rules, templates), and requests to reload (`/-/reload`, SIGHUP).
 * Out: what became of each. Owns: the list; reloads run one after another.
 */
@Injectable()
export class ReloadService {
  private readonly handlers = new Map<string, ReloadHandler>();
  private running: Promise<unknown> = Promise.resolve();
  private last: { readonly successful: boolean } = { successful: true };

  /** `name` is what messages call it: 'rules'. Returns the function that takes it back. */
  register(name: string, handler: ReloadHandler): () => void {
    this.handlers.set(name, handler);
    return () => this.handlers.delete(name);
  }

  /** Of the last reload; true before the first. */
  get successful(): boolean {
    return this.last.successful;
  }

  reload(): Promise<readonly ReloadOutcome[]> {
    const run = this.running.then(() => this.runAll());
    this.running = run;
    return run;
  }

  private async runAll(): Promise<readonly ReloadOutcome[]> {
    const outcomes: ReloadOutcome[] = [];
    for (const [name, handler] of this.handlers) {
      try {
        await handler();
        outcomes.push({ name, error: undefined });
      } catch (error) {
        outcomes.push({ name, error: error instanceof Error ? error.message : String(error) });
      }
    }
    this.last = { successful: outcomes.every((one) => one.error === undefined) };
    return outcomes;
  }
}
