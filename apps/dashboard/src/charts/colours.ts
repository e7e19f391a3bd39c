import { fingerprint, type LabelSet } from '@opsroom/contracts';
import { PALETTE_SIZE } from './theme.js';

/** The palette's last colour has no hue: it is taken only when the others are. */
const HUED = PALETTE_SIZE - 1;

/** The palette's place that a label set has on every panel where nobody else has it; 0 to 10. No labels: the first. */
export function preferredSlot(labels: LabelSet): number {
  if (Object.keys(labels).length === 0) return 0;
  // The low bits of FNV-1a are well mixed; 32 of them leave no bias that could be seen over so few places.
  return parseInt(fingerprint(labels).slice(8), 16) % HUED;
}

/**
 * Gives every series of a panel its place in the palette. The same label set gets the same place on every panel; where
 * two would share one, the later takes the next that fewest have. A series that has a place keeps it (`before`).
 */
export function assignSlots(series: readonly LabelSet[], before: readonly number[] = []): number[] {
  const taken = new Array<number>(PALETTE_SIZE).fill(0);
  const slots: number[] = [];
  series.forEach((labels, i) => {
    let slot = before[i];
    if (slot === undefined) {
      const wanted = preferredSlot(labels);
      const least = Math.min(...taken);
      slot = wanted;
      for (let probe = 0; probe < PALETTE_SIZE; probe++) {
        slot = (wanted + probe) % PALETTE_SIZE;
        if (taken[slot] === least) break;
      }
    }
    taken[slot]++;
    slots.push(slot);
  });
  return slots;
}
