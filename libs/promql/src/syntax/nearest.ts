import { distance } from 'fastest-levenshtein';

/**
 * The known name closest to `name`, if it is near enough to be what was meant: a third of its letters may differ. Among
 * equals one that begins with what was typed wins.
 */
function nearest(name: string, known: Iterable<string>): string | undefined {
  const lower = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const d = distance(lower, candidate) - (candidate.startsWith(lower) ? 0.5 : 0);
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** `; did you mean "rate"?`, or '' when nothing is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const candidate = nearest(name, known);
  return candidate === undefined ? '' : `; did you mean ${JSON.stringify(candidate)}?`;
}
