/**
 * First index in `[from, to)` whose time is after `timeMs`; `to` if there is none. Looks near `guess` first: from one
 * evaluation to the next a window's beginning hardly moves, and each probe elsewhere is a walk to main memory.
 */
export function firstAfterNear(
  timestamps: Float64Array,
  from: number,
  to: number,
  timeMs: number,
  guess: number,
): number {
  if (from >= to) return to;
  let low = from;
  let high = to;
  let probe = guess < from ? from : guess >= to ? to - 1 : guess;
  if (timestamps[probe] > timeMs) {
    // Too late: go back by doubling steps until a time is not after.
    high = probe;
    for (let step = 1; ; step *= 2) {
      probe = high - step;
      if (probe < from) break;
      if (timestamps[probe] <= timeMs) {
        low = probe + 1;
        break;
      }
      high = probe;
    }
  } else {
    low = probe + 1;
    for (let step = 1; ; step *= 2) {
      probe = low + step - 1;
      if (probe >= to) break;
      if (timestamps[probe] > timeMs) {
        high = probe;
        break;
      }
      low = probe + 1;
    }
  }
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timestamps[middle] > timeMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
