import type { Piece } from './block-format.js';
import type { BlockEntry } from './block-index.js';

interface Tombstone {
  readonly startMs: number;
  readonly endMs: number;
  /** Newer blocks are not touched: their samples came after the deletion. */
  readonly throughBlock: number;
}

/** Deleted ranges of series whose blocks are still on disk. */
export class Tombstones {
  private readonly byRef = new Map<number, Tombstone[]>();

  add(ref: number, startMs: number, endMs: number, throughBlock: number): void {
    const tombstones = this.byRef.get(ref) ?? [];
    tombstones.push({ startMs, endMs, throughBlock });
    this.byRef.set(ref, tombstones);
  }

  remove(ref: number): void {
    this.byRef.delete(ref);
  }

  /** True if nothing of the series in a block can be left. */
  hides(ref: number, entry: BlockEntry): boolean {
    return (this.byRef.get(ref) ?? []).some(
      ({ startMs, endMs, throughBlock }) =>
        entry.id <= throughBlock && startMs <= entry.startMs && endMs >= entry.endMs,
    );
  }

  /** What is left of a piece of a block, in order. */
  cut(piece: Piece, block: number): Piece[] {
    let rest = [piece];
    for (const tombstone of this.byRef.get(piece.ref) ?? []) {
      if (block <= tombstone.throughBlock) rest = rest.flatMap((part) => without(part, tombstone));
    }
    return rest;
  }
}

function without(piece: Piece, { startMs, endMs }: Tombstone): Piece[] {
  let before = piece.from;
  while (before < piece.to && piece.timestamps[before] < startMs) before++;
  let after = before;
  while (after < piece.to && piece.timestamps[after] <= endMs) after++;
  return [
    { ...piece, to: before },
    { ...piece, from: after },
  ].filter((part) => part.to > part.from);
}
