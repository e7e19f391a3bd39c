import type { Database } from '../database.js';
import { StorageError } from '../storage-error.js';
import { type BlockSamples, Directory } from './block-format.js';
import { DecodedColumns } from './decoded-columns.js';

interface CachedBlock {
  readonly directory: Directory;
  /** Undefined as long as only the directory was asked for. */
  data: Uint8Array | undefined;
  readonly times: (Float64Array | undefined)[];
  bytes: number;
}

const DEFAULT_BYTES = 64 * 1024 * 1024;
/** More series than any block has. */
const MOST_SERIES = 2 ** 22;

/** Blocks that were read, the least recently used forgotten first; a bounded number of bytes. */
export class BlockCache {
  private readonly blocks = new Map<number, CachedBlock>();
  private readonly decoded = new DecodedColumns();
  private used = 0;

  constructor(
    private readonly database: Database,
    private readonly path: string,
    private readonly capacityBytes = DEFAULT_BYTES,
  ) {}

  directory(id: number): Directory {
    return this.load(id).directory;
  }

  /** One series' samples; undefined when the block has none of it. Throws `StorageError` for a damaged block. */
  read(id: number, ref: number): BlockSamples | undefined {
    const block = this.load(id);
    const index = block.directory.indexOf(ref);
    if (index < 0) return undefined;
    try {
      return this.decoded.read(id * MOST_SERIES + index, () => this.decode(id, block, index));
    } catch (error) {
      throw this.damaged(id, error);
    }
  }

  remove(ids: ReadonlySet<number>): void {
    for (const id of ids) {
      this.used -= this.blocks.get(id)?.bytes ?? 0;
      this.blocks.delete(id);
    }
  }

  private decode(id: number, block: CachedBlock, index: number): BlockSamples {
    const data = (block.data ??= this.loadData(id, block));
    const column = block.directory.timeColumnOf(index);
    let times = block.times[column];
    if (!times) {
      times = block.directory.decodeTimes(data, column);
      block.times[column] = times;
      this.account(block, times.byteLength);
    }
    return block.directory.decodeValues(data, index, times);
  }

  private load(id: number): CachedBlock {
    const known = this.blocks.get(id);
    if (known) {
      // A Map keeps the order of insertion: the first entry is the one that was not used for longest.
      this.blocks.delete(id);
      this.blocks.set(id, known);
      return known;
    }
    const row = this.database.statement('SELECT directory FROM blocks WHERE id = ?').get(id);
    try {
      if (!(row?.directory instanceof Uint8Array)) throw new RangeError('The block is missing');
      const block: CachedBlock = { directory: new Directory(row.directory), data: undefined, times: [], bytes: 0 };
      this.blocks.set(id, block);
      this.account(block, block.directory.bytes);
      return block;
    } catch (error) {
      throw this.damaged(id, error);
    }
  }

  private loadData(id: number, block: CachedBlock): Uint8Array {
    const row = this.database.statement('SELECT data FROM blocks WHERE id = ?').get(id);
    if (!(row?.data instanceof Uint8Array)) throw new RangeError('The block has no data');
    this.account(block, row.data.length);
    return row.data;
  }

  private account(block: CachedBlock, bytes: number): void {
    block.bytes += bytes;
    this.used += bytes;
    for (const [id, oldest] of this.blocks) {
      if (this.used <= this.capacityBytes || oldest === block) break;
      this.used -= oldest.bytes;
      this.blocks.delete(id);
    }
  }

  private damaged(id: number, error: unknown): unknown {
    if (!(error instanceof RangeError)) return error;
    return new StorageError(`${this.path}: block ${id} is damaged (${error.message}); put a backup in its place`, {
      cause: error,
    });
  }
}
