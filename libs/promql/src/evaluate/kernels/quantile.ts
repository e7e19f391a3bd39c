/**
 * The quantile of a set of values, interpolated between the two nearest ranks. NaN sorts below every number. Outside of
 * [0, 1] it is -Inf or +Inf; NaN for no values or for a quantile of NaN. `values` is sorted in place.
 */
export function quantileOf(quantile: number, values: Float64Array): number {
  if (values.length === 0 || Number.isNaN(quantile)) return NaN;
  if (quantile < 0) return -Infinity;
  if (quantile > 1) return Infinity;
  sortNanFirst(values);
  const last = values.length - 1;
  const rank = quantile * last;
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(last, lower + 1);
  const weight = rank - Math.floor(rank);
  return values[lower] * (1 - weight) + values[upper] * weight;
}

/** A typed array sorts NaN last; here they belong first. */
function sortNanFirst(values: Float64Array): void {
  values.sort();
  let nans = 0;
  while (nans < values.length && Number.isNaN(values[values.length - 1 - nans])) nans++;
  if (nans === 0 || nans === values.length) return;
  values.copyWithin(nans, 0, values.length - nans);
  values.fill(NaN, 0, nans);
}
