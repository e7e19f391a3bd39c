import type { ColumnView } from './columns.js';

/** As many distances are looked at, spread over the view. */
const PROBES = 63;

/**
 * Columns further apart than this have nothing between them: one and a half times the topic's step, or the distance that
 * the columns usually have where that is longer (a source that is scraped every 15 s under a step of 1 s, or a
 * snapshot that the server has thinned out).
 */
export function gapOf(view: ColumnView, stepMs: number): number {
  const count = view.end - view.start - 1;
  if (count < 1) return 1.5 * stepMs;
  const distances: number[] = [];
  const probes = Math.min(PROBES, count);
  for (let probe = 0; probe < probes; probe++) {
    const at = view.start + Math.floor((probe * count) / probes);
    distances.push(view.times[at + 1] - view.times[at]);
  }
  distances.sort((a, b) => a - b);
  // The upper third, since a provisional last column and a thinned snapshot's pairs bring short distances too.
  return 1.5 * Math.max(stepMs, distances[Math.floor((distances.length * 2) / 3)]);
}
