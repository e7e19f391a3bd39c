interface Numbered {
  readonly id: number;
}

/**
 * A list that is newest first, with what has come since: `newest` is what the server gives as its newest. When that does not
 * reach back to what is known, the known part goes, since nobody could see the hole.
 */
export function withNewest<T extends Numbered>(known: readonly T[], newest: readonly T[]): readonly T[] {
  const last = known[0]?.id;
  if (last === undefined) return newest;
  const fresh = newest.filter((entry) => entry.id > last);
  if (fresh.length === 0) return known;
  return fresh.length === newest.length ? newest : [...fresh, ...known];
}
