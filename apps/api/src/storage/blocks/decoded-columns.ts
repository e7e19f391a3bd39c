import type { BlockSamples } from './block-format.js';

const DEFAULT_BYTES = 16 * 1024 * 1024;
/** Columns that were read once and may be read again. */
const REMEMBERED = 16_384;

/**
 * Columns of blocks as they were decoded, for panels that ask for the same samples again and again; the least recently used are
 * forgotten first. A column is kept from its second reading on, so that one pass over everything that is stored fills nothing.
 */
export class DecodedColumns {
  private readonly columns = new Map<number, BlockSamples>();
  private readonly once = new Set<number>();
  private used = 0;

  constructor(private readonly capacityBytes = DEFAULT_BYTES) {}

  /** `key` names the column for good: the blocks' identifiers are never given twice. */
  read(key: number, decode: () => BlockSamples): BlockSamples {
    const known = this.columns.get(key);
    if (known) {
      // A Map keeps the order of insertion: the first entry is the one that was not used for longest.
      this.columns.delete(key);
      this.columns.set(key, known);
      return known;
    }
    const samples = decode();
    if (this.once.delete(key) && samples.histograms === undefined) this.keep(key, samples);
    else {
      if (this.once.size >= REMEMBERED) this.once.clear();
      this.once.add(key);
    }
    return samples;
  }

  private keep(key: number, samples: BlockSamples): void {
    this.columns.set(key, samples);
    this.used += samples.values.byteLength;
    for (const [oldest, { values }] of this.columns) {
      if (this.used <= this.capacityBytes) break;
      this.used -= values.byteLength;
      this.columns.delete(oldest);
    }
  }
}
