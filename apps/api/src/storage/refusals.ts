import type { RefusalReason } from './store.js';

/** Refused samples by reason, and the first of each. */
export class Refusals {
  readonly refused = new Map<RefusalReason, number>();
  readonly firstRefused = new Map<RefusalReason, { readonly ref: number; readonly timestampMs: number }>();

  add(reason: RefusalReason, ref: number, timestampMs: number): void {
    this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1);
    if (!this.firstRefused.has(reason)) this.firstRefused.set(reason, { ref, timestampMs });
  }
}
