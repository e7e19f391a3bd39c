/** Kernels that compare each float sample of `[from, to)` with the one before; the first one only begins. */

export function changesIn(_timestamps: Float64Array, values: Float64Array, from: number, to: number): number {
  let changes = 0;
  for (let i = from + 1; i < to; i++) {
    const value = values[i];
    const previous = values[i - 1];
    if (value !== previous && (value === value || previous === previous)) changes++;
  }
  return changes;
}

export function resetsIn(_timestamps: Float64Array, values: Float64Array, from: number, to: number): number {
  let resets = 0;
  for (let i = from + 1; i < to; i++) if (values[i] < values[i - 1]) resets++;
  return resets;
}
