/**
 * How far a panel can be trusted now.
 * `connecting`: nothing was received yet. `live`: its newest sample is as fresh as its source gives them. `lagging`: samples
 * are overdue. `stale`: they are overdue by so much that the values say nothing about now. `resyncing`: the connection is lost
 * or frames are missing; what is shown is complete only up to its last column. `paused`: nobody looks. `refused`: the server
 * did not accept the topic. `closed`: the server ended it.
 */
export type Health = 'connecting' | 'live' | 'lagging' | 'stale' | 'resyncing' | 'paused' | 'refused' | 'closed';

/** What the age of a topic's data means. `intervalMs` is how often its newest sample moves; 0 while unknown. */
export function freshnessOf(ageMs: number, intervalMs: number): 'live' | 'lagging' | 'stale' {
  if (ageMs > Math.max(30_000, 10 * intervalMs)) return 'stale';
  return ageMs > 2.5 * intervalMs + 2_000 ? 'lagging' : 'live';
}

/** Learns how often a topic's newest sample moves: the median of the last steps. */
export class Cadence {
  private readonly steps: number[] = [];
  private lastMs = 0;

  observe(newestMs: number): void {
    if (newestMs <= this.lastMs) return;
    if (this.lastMs > 0) this.steps.push(newestMs - this.lastMs);
    if (this.steps.length > 9) this.steps.shift();
    this.lastMs = newestMs;
  }

  /** ms; 0 before two samples were seen. */
  get intervalMs(): number {
    const sorted = [...this.steps].sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  }
}
