import type { Piece } from '../blocks/block-format.js';
import type { BlockStore } from '../blocks/block-store.js';
import type { Head } from '../head/head.js';
import type { HeadSeries } from '../head/head-series.js';
import { RecordType, type Sealed, writeSealed } from '../log/log-records.js';
import type { LogWriter } from '../log/log-writer.js';

export interface SealOptions {
  /** A series is sealed when it has this many unsealed samples. */
  readonly samples: number;
  /** At most this many samples of one series go into one block. */
  readonly maxPieceSamples: number;
  /** A block is full at this many samples; sealing one is the work of one slice. */
  readonly maxBlockSamples: number;
  /** Series are sealed, however few samples they have, when the oldest has waited this long, */
  readonly maxAgeMs: number;
  /** or lies so many log segments back: only what is sealed lets the log be dropped. */
  readonly maxSegments: number;
  /** Sealed samples stay in memory this long after the newest sample of all, */
  readonly headMs: number;
  /**
   * or, where that would be more than a third of this, for as long as makes a third. With more than all of it they are given up at
   * once. Many series have both bounds in proportion.
   */
  readonly maxHeadSamples: number;
}

/** Of each series at least so many samples may stay: six minutes of one a second, and so most windows of live queries. */
const SAMPLES_PER_SERIES = 360;

/** Series that one slice looks at, so that a slice over many idle ones ends too. */
const SERIES_PER_SLICE = 20_000;

/**
 * In: the head. Out: blocks. Owns: the hand that goes round the series, one slice at a time, and seals those that are due: neighbours
 * together, since they were scraped together and share their timestamps.
 */
export class Sealer {
  private hand = 0;
  /** How long sealed samples stay now. */
  private keptMs: number;

  constructor(
    private readonly head: Head,
    private readonly blocks: BlockStore,
    private readonly log: LogWriter,
    private readonly options: SealOptions,
  ) {
    this.keptMs = options.headMs;
  }

  /** Appends outrun the sealing: memory would not be bounded without doing some at once. */
  get crowded(): boolean {
    return this.head.samples > 3 * this.wanted;
  }

  /** Seals at most one block and evicts what may go. True if there is more to do at once. Throws what the database throws. */
  slice(nowMs: number, retainFromMs: number): boolean {
    const { head, options } = this;
    const due: HeadSeries[] = [];
    const pieces: Piece[] = [];
    let samples = 0;
    if (this.hand === 0) this.adjust();
    const evictBeforeMs = this.crowded ? Infinity : Math.max(head.newestMs - this.keptMs, retainFromMs);
    const end = Math.min(this.hand + SERIES_PER_SLICE, head.series.length);
    while (this.hand < end && samples < options.maxBlockSamples) {
      const series = head.series[this.hand++];
      if (!series) continue;
      if (series.sealed > 0) head.samples -= series.evictBefore(evictBeforeMs);
      if (!this.isDue(series, nowMs)) continue;
      // What is left of a long backlog is found by the next round.
      const piece = nextPiece(series, options.maxPieceSamples);
      due.push(series);
      pieces.push(piece);
      samples += piece.to - piece.from;
    }
    const wrapped = this.hand >= head.series.length;
    if (wrapped) this.hand = 0;
    if (pieces.length > 0) this.seal(due, pieces);
    return pieces.length > 0 || !wrapped;
  }

  /** How many samples should be in memory at most when all is calm. */
  private get wanted(): number {
    return Math.max(this.options.maxHeadSamples / 3, SAMPLES_PER_SERIES * this.head.postings.size);
  }

  /** So many samples lie in so long a time: as many as are wanted lie in a time that is longer or shorter in proportion. */
  private adjust(): void {
    const fitting = (this.keptMs * this.wanted) / Math.max(1, this.head.samples);
    this.keptMs = Math.min(this.options.headMs, Math.max(1, fitting));
  }

  private isDue(series: HeadSeries, nowMs: number): boolean {
    if (series.unsealedSegment === Infinity) return false;
    const { samples, maxAgeMs, maxSegments } = this.options;
    return (
      series.main.length - series.sealed >= samples ||
      (series.late !== undefined && series.late.length >= samples) ||
      nowMs - series.unsealedSinceMs >= maxAgeMs ||
      this.log.segment - series.unsealedSegment >= maxSegments
    );
  }

  private seal(due: readonly HeadSeries[], pieces: readonly Piece[]): void {
    const { head } = this;
    this.blocks.write(pieces, head.unpersistedSeries(), head.nextRef);
    head.markPersisted();
    const sealed: Sealed[] = [];
    const lateSealed: Sealed[] = [];
    pieces.forEach((piece, i) => {
      const series = due[i];
      const throughMs = piece.timestamps[piece.to - 1];
      if (piece.timestamps === series.late?.timestamps) {
        head.samples -= piece.to - piece.from;
        series.markLateSealed(throughMs);
        lateSealed.push({ ref: series.ref, throughMs });
      } else {
        series.markSealed(throughMs);
        sealed.push({ ref: series.ref, throughMs });
      }
    });
    if (sealed.length > 0) this.log.append(RecordType.sealed, (out) => writeSealed(sealed, out), false);
    if (lateSealed.length > 0) this.log.append(RecordType.lateSealed, (out) => writeSealed(lateSealed, out), false);
  }
}

/** The oldest unsealed samples of a series: those of `main` first, then the late ones. */
function nextPiece(series: HeadSeries, maxSamples: number): Piece {
  const { main, late } = series;
  const inMain = main.length > series.sealed;
  const columns = inMain || !late ? main : late;
  const from = inMain ? main.from + series.sealed : columns.from;
  return {
    ref: series.ref,
    timestamps: columns.timestamps,
    values: columns.values,
    histograms: columns.histograms,
    from,
    to: Math.min(columns.to, from + maxSamples),
  };
}
