import type { Labels, SeriesSamples } from '@opsroom/promql';
import { withoutHint } from '../head/reset-hint.js';
import type { Piece } from './block-format.js';

/**
 * One series' samples out of pieces of blocks and head. A single piece is handed out as it is; otherwise they are joined, and
 * where pieces overlap sorted, one sample kept of those at the same time (the store refuses different values, so they are equal).
 * A histogram that follows one of another piece has no hint: what it was derived from may not be what stands before it now.
 */
export function mergePieces(ref: number, labels: Labels, pieces: Piece[]): SeriesSamples {
  if (pieces.length === 1) {
    const [{ timestamps, values, histograms, from, to }] = pieces;
    return { ref, labels, timestamps, values, ...(histograms ? { histograms } : {}), from, to };
  }
  pieces.sort((a, b) => a.timestamps[a.from] - b.timestamps[b.from]);
  const total = pieces.reduce((sum, piece) => sum + piece.to - piece.from, 0);
  const timestamps = new Float64Array(total);
  const values = new Float64Array(total);
  const histograms = pieces.some((piece) => piece.histograms) ? new Array(total).fill(undefined) : undefined;
  let at = 0;
  let ordered = true;
  for (const piece of pieces) {
    if (at > 0 && piece.timestamps[piece.from] <= timestamps[at - 1]) ordered = false;
    timestamps.set(piece.timestamps.subarray(piece.from, piece.to), at);
    values.set(piece.values.subarray(piece.from, piece.to), at);
    for (let i = piece.from; piece.histograms && histograms && i < piece.to; i++) {
      const histogram = piece.histograms[i];
      histograms[at + i - piece.from] = at > 0 && i === piece.from && histogram ? withoutHint(histogram) : histogram;
    }
    at += piece.to - piece.from;
  }
  const joined: Piece = { ref, timestamps, values, histograms, from: 0, to: total };
  const { from, to, ...columns } = ordered ? joined : sorted(joined);
  return {
    ref,
    labels,
    timestamps: columns.timestamps,
    values: columns.values,
    ...(columns.histograms ? { histograms: columns.histograms } : {}),
    from,
    to,
  };
}

function sorted(piece: Piece): Piece {
  const order = Uint32Array.from({ length: piece.to }, (_, i) => i);
  order.sort((a, b) => piece.timestamps[a] - piece.timestamps[b]);
  const timestamps = new Float64Array(piece.to);
  const values = new Float64Array(piece.to);
  const histograms = piece.histograms ? new Array(piece.to).fill(undefined) : undefined;
  let to = 0;
  let before = -1;
  for (const index of order) {
    if (to > 0 && piece.timestamps[index] === timestamps[to - 1]) continue;
    timestamps[to] = piece.timestamps[index];
    values.set(piece.values.subarray(index, index + 1), to);
    const histogram = piece.histograms?.[index];
    if (histograms) histograms[to] = histogram && index !== before + 1 ? withoutHint(histogram) : histogram;
    before = index;
    to++;
  }
  return { ...piece, timestamps, values, histograms, to };
}
