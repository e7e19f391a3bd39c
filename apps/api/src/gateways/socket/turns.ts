export interface TurnsOptions {
  /** What the work of one turn may cost; the piece that reaches it is the last. */
  readonly budget: number;
  /** Does a piece of work and gives what it cost. */
  readonly charge: (work: () => void) => number;
  /** From one turn to the next. Turns are timers: where the loop is busy, there are fewer in a second. */
  readonly turnMs: number;
  readonly maxWaiting: number;
  readonly later: (delayMs: number, run: () => void) => void;
}

/** Spreads what clients ask for over turns of the event loop, in the order in which it came, so that frames go out in between. */
export class Turns {
  private readonly line: (() => void)[] = [];
  private spent = 0;
  private scheduled = false;

  constructor(private readonly options: TurnsOptions) {}

  get waiting(): number {
    return this.line.length;
  }

  /** Does it now or in its turn. False, and it is never done, where too much waits. */
  take(work: () => void): boolean {
    if (this.line.length >= this.options.maxWaiting) return false;
    this.schedule();
    if (this.line.length > 0 || this.spent >= this.options.budget) this.line.push(work);
    else this.spent += this.options.charge(work);
    return true;
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    this.options.later(this.options.turnMs, () => this.turn());
  }

  private turn(): void {
    this.scheduled = false;
    this.spent = 0;
    let done = 0;
    while (done < this.line.length && this.spent < this.options.budget) {
      this.spent += this.options.charge(this.line[done++]);
    }
    this.line.splice(0, done);
    if (done > 0) this.schedule();
  }
}

/** Handshakes that are let in per turn, and how many may wait: some seconds' worth. */
const HANDSHAKES = { budget: 50, turnMs: 10, maxWaiting: 10_000 };
/** When a handshake that finds the line full may try again, in ms: the line has gone by then. */
export const HANDSHAKE_RETRY_MS = (HANDSHAKES.maxWaiting / HANDSHAKES.budget) * HANDSHAKES.turnMs;
/** ms that requests may take per turn; each socket's own limit bounds how many wait. */
const REQUESTS = { budget: 8, turnMs: 0, maxWaiting: Infinity };

/** For handshakes, so that a thousand pages that come back at once after a restart do not hold up those that are there. */
export const handshakeTurns = (later: TurnsOptions['later']): Turns =>
  new Turns({
    ...HANDSHAKES,
    later,
    charge: (work) => {
      work();
      return 1;
    },
  });

/** For requests, by the time that they take at once: what they wait for costs nothing. */
export const requestTurns = (later: TurnsOptions['later'], monotonicMs: () => number): Turns =>
  new Turns({
    ...REQUESTS,
    later,
    charge: (work) => {
      const startMs = monotonicMs();
      work();
      return monotonicMs() - startMs;
    },
  });
