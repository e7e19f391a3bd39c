import type { AlertState, Change, LifecyclePolicy, Step } from './alert-state.js';
import type { AlertBook } from './alert-book.js';
import { advance, type LifecycleEvent } from './lifecycle.js';
import { isWorse, SEVERITY } from './severity.js';

export interface StagedChange {
  readonly fingerprint: string;
  readonly previous: AlertState | undefined;
  readonly current: AlertState | undefined;
  readonly change: Change;
  readonly atMs: number;
}

/**
 * What a batch of events does to the alerts, before any of it is durable or seen: states on top of the book's, and the changes
 * in order. Nothing here has a side effect, so a batch that cannot be written leaves no trace.
 */
export class Staging {
  /** New states by fingerprint; undefined for an alert that is gone. */
  readonly states = new Map<string, AlertState | undefined>();
  readonly changes: StagedChange[] = [];

  constructor(
    private readonly book: AlertBook,
    private readonly policy: LifecyclePolicy,
    private readonly newEpisode: () => string,
  ) {}

  get(fingerprint: string): AlertState | undefined {
    return this.states.has(fingerprint) ? this.states.get(fingerprint) : this.book.get(fingerprint);
  }

  /** Applies one event; what it did is also among `changes`. */
  apply(fingerprint: string, event: LifecycleEvent): Step {
    const previous = this.get(fingerprint);
    const step = advance(previous, event, this.policy, this.newEpisode);
    if ('refused' in step) return step;
    if (step.state !== previous) this.states.set(fingerprint, step.state);
    if (step.change) {
      this.changes.push({ fingerprint, previous, current: step.state, change: step.change, atMs: event.atMs });
      const begins = step.state?.condition === 'firing' && previous?.condition !== 'firing';
      if (begins) this.worsen(step.state, event.atMs);
    }
    return step;
  }

  /** Acknowledgements "until it gets worse" of the same alert at a lower severity end. */
  private worsen(state: AlertState, atMs: number): void {
    for (const kin of this.book.kinOf(state)) {
      const severity = state.labels[SEVERITY];
      const held = this.get(kin.fingerprint)?.acknowledgement;
      if (held?.untilWorse && isWorse(severity, kin.labels[SEVERITY])) {
        this.apply(kin.fingerprint, { kind: 'worsened', atMs, severity });
      }
    }
  }
}
