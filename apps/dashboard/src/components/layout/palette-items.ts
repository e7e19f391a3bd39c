/** One line of the command palette. */
export interface PaletteItem {
  readonly label: string;
  readonly detail: string;
  readonly keys?: string;
  run: () => unknown;
}

/**
 * The items that a search text means, best first: those whose label begins with it, then those where a word of the label
 * begins with it, then those that hold all its words somewhere. An empty text means all.
 */
export function searchItems(items: readonly PaletteItem[], text: string, most: number): PaletteItem[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return items.slice(0, most);
  const words = wanted.split(/\s+/);
  const rankOf = (item: PaletteItem): number => {
    const label = item.label.toLowerCase();
    if (label.startsWith(wanted)) return 0;
    if (label.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted))) return 1;
    const whole = `${label} ${item.detail.toLowerCase()}`;
    return words.every((word) => whole.includes(word)) ? 2 : 3;
  };
  return items
    .map((item, index) => ({ item, index, rank: rankOf(item) }))
    .filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .slice(0, most)
    .map(({ item }) => item);
}
