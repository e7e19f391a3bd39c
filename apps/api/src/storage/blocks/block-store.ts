import { open } from 'node:fs/promises';
import { type FloatHistogram, Labels } from '@opsroom/promql';
import type { MetricMetadata } from '../../model/batch.js';
import { sameSample, type StoredSeries } from '../head/head.js';
import { samplesMigrations } from '../migrations/samples.js';
import { SqliteDatabase } from '../sqlite-database.js';
import { BlockCache } from './block-cache.js';
import { encodeBlock, type Piece } from './block-format.js';
import { type BlockEntry, BlockIndex } from './block-index.js';
import { Tombstones } from './tombstones.js';

/**
 * In: pieces to seal, series to remember, ranges to read or forget. Out: pieces of blocks. Owns: the samples' own SQLite file, the
 * index of its blocks in memory and the cache of those that were read.
 *
 * The file is apart from alerts and people: damage to samples does not touch them, its size is what retention by size bounds, and
 * its many writes need no sync of their own (`synchronous = NORMAL`), since the log keeps every sample until `sync` has run.
 */
export class BlockStore {
  private readonly index = new BlockIndex();
  private readonly tombstones = new Tombstones();
  private readonly cache: BlockCache;
  private storedNextRef = 0;

  private constructor(
    private readonly database: SqliteDatabase,
    readonly path: string,
  ) {
    this.cache = new BlockCache(database, path);
    const rows = database.statement('SELECT id, start_ms, end_ms, first_ref, last_ref FROM blocks ORDER BY id').all();
    for (const row of rows) {
      this.index.add({
        id: Number(row.id),
        startMs: Number(row.start_ms),
        endMs: Number(row.end_ms),
        firstRef: Number(row.first_ref),
        lastRef: Number(row.last_ref),
      });
    }
    for (const row of database.statement('SELECT ref, start_ms, end_ms, through_block FROM tombstones').all()) {
      this.tombstones.add(Number(row.ref), Number(row.start_ms), Number(row.end_ms), Number(row.through_block));
    }
  }

  static open(path: string): BlockStore {
    const database = SqliteDatabase.open(path, {
      migrations: samplesMigrations,
      synchronous: 'normal',
      pragmas: 'PRAGMA auto_vacuum = INCREMENTAL',
    });
    return new BlockStore(database, path);
  }

  /** Every series, and the reference that the next new one gets at least. */
  load(): { series: StoredSeries[]; nextRef: number } {
    const rows = this.database.statement('SELECT ref, source, labels FROM series ORDER BY ref').all();
    const series = rows.map((row) => {
      const [names, values] = JSON.parse(String(row.labels)) as [string[], string[]];
      return { ref: Number(row.ref), source: String(row.source), labels: Labels.fromSorted(names, values) };
    });
    const next = this.database.statement("SELECT value FROM counters WHERE name = 'next_ref'").get();
    return { series, nextRef: Math.max(Number(next?.value ?? 1), (series.at(-1)?.ref ?? 0) + 1) };
  }

  /** Stores one block and the series that it needs, all or nothing. Pieces are sorted by reference. */
  write(pieces: readonly Piece[], series: readonly StoredSeries[], nextRef: number): void {
    const block = encodeBlock(pieces);
    const id = this.database.transaction(() => {
      this.storeSeries(series, nextRef);
      return this.database
        .statement(
          'INSERT INTO blocks (start_ms, end_ms, first_ref, last_ref, directory, data) VALUES (?, ?, ?, ?, ?, ?)',
        )
        .run(block.startMs, block.endMs, block.firstRef, block.lastRef, block.directory, block.data).lastInsertRowid;
    });
    const { startMs, endMs, firstRef, lastRef } = block;
    this.index.add({ id, startMs, endMs, firstRef, lastRef });
  }

  storeSeries(series: readonly StoredSeries[], nextRef: number): void {
    const insert = this.database.statement('INSERT OR REPLACE INTO series (ref, source, labels) VALUES (?, ?, ?)');
    for (const { ref, source, labels } of series)
      insert.run(ref, source, JSON.stringify([labels.names, labels.values]));
    if (nextRef === this.storedNextRef) return;
    this.database.statement("INSERT OR REPLACE INTO counters (name, value) VALUES ('next_ref', ?)").run(nextRef);
    this.storedNextRef = nextRef;
  }

  /** Blocks that may have samples in `[startMs, endMs]`, to be passed to `read` for each series of a selection. */
  overlapping(startMs: number, endMs: number): BlockEntry[] {
    return this.index.overlapping(startMs, endMs);
  }

  /** One series' pieces in `[startMs, endMs]` and before `beforeMs` out of some blocks, deleted samples left out. */
  read(entries: readonly BlockEntry[], ref: number, startMs: number, endMs: number, beforeMs = Infinity): Piece[] {
    const pieces: Piece[] = [];
    for (const entry of entries) {
      if (ref < entry.firstRef || ref > entry.lastRef || entry.startMs > endMs || entry.endMs < startMs) continue;
      const samples = this.cache.read(entry.id, ref);
      if (!samples) continue;
      const { timestamps, values, histograms } = samples;
      const from = lowerBound(timestamps, startMs, false);
      const to = Math.min(lowerBound(timestamps, endMs, true), lowerBound(timestamps, beforeMs, false));
      if (to > from) pieces.push(...this.tombstones.cut({ ref, timestamps, values, histograms, from, to }, entry.id));
    }
    return pieces;
  }

  lastTime(ref: number): number {
    let last = -Infinity;
    this.index.descend((entry) => {
      for (const piece of this.read([entry], ref, -Infinity, Infinity)) {
        last = Math.max(last, piece.timestamps[piece.to - 1]);
      }
      return last;
    });
    return last;
  }

  hasSame(
    ref: number,
    timestampMs: number,
    values: Float64Array,
    index: number,
    histogram: FloatHistogram | undefined,
  ): boolean | undefined {
    const [piece] = this.read(this.index.overlapping(timestampMs, timestampMs), ref, timestampMs, timestampMs);
    if (!piece) return undefined;
    return sameSample(piece.values, piece.from, piece.histograms?.[piece.from], values, index, histogram);
  }

  /** References of all series that blocks in a range name. Whole blocks count: a series may lie outside the range by a little. */
  refsIn(startMs: number, endMs: number): Set<number> {
    const refs = new Set<number>();
    for (const entry of this.index.overlapping(startMs, endMs)) {
      for (const ref of this.cache.directory(entry.id).refs) if (!this.tombstones.hides(ref, entry)) refs.add(ref);
    }
    return refs;
  }

  /** Hides a series' samples in `[startMs, endMs]` that are in blocks now; later ones at the same times are seen. */
  hide(ref: number, startMs: number, endMs: number): void {
    const throughBlock = this.index.lastId;
    if (throughBlock === 0) return;
    this.database
      .statement('INSERT INTO tombstones (ref, start_ms, end_ms, through_block) VALUES (?, ?, ?, ?)')
      .run(ref, startMs, endMs, throughBlock);
    this.tombstones.add(ref, startMs, endMs, throughBlock);
  }

  /** Forgets series; what blocks hold of them is out of reach, since references are never used again. */
  forget(refs: ReadonlySet<number>, nextRef: number): void {
    this.database.transaction(() => {
      const series = this.database.statement('DELETE FROM series WHERE ref = ?');
      const tombstones = this.database.statement('DELETE FROM tombstones WHERE ref = ?');
      for (const ref of refs) {
        series.run(ref);
        tombstones.run(ref);
      }
      this.storeSeries([], nextRef);
    });
    for (const ref of refs) this.tombstones.remove(ref);
  }

  /** Drops blocks. Returns the series that they held. */
  drop(entries: readonly BlockEntry[]): Set<number> {
    const refs = new Set<number>();
    for (const entry of entries) for (const ref of this.cache.directory(entry.id).refs) refs.add(ref);
    this.database.transaction(() => {
      const statement = this.database.statement('DELETE FROM blocks WHERE id = ?');
      for (const entry of entries) statement.run(entry.id);
      // Gives the pages back to the file system, a bounded number at a time.
      this.database.exec('PRAGMA incremental_vacuum(512)');
    });
    const ids = new Set(entries.map((entry) => entry.id));
    this.index.remove(ids);
    this.cache.remove(ids);
    return refs;
  }

  endingBefore(timestampMs: number, limit: number): BlockEntry[] {
    return this.index.endingBefore(timestampMs, limit);
  }

  oldest(limit: number): BlockEntry[] {
    return this.index.oldest(limit);
  }

  /** True if some block names the series. */
  names(ref: number): boolean {
    let found = false;
    this.index.descend((entry) => {
      found ||= ref >= entry.firstRef && ref <= entry.lastRef && this.cache.directory(entry.id).indexOf(ref) >= 0;
      return found ? Infinity : -Infinity;
    });
    return found;
  }

  get blocks(): number {
    return this.index.size;
  }

  /** Makes what was written so far survive a power cut. Outside the event loop: only the write-ahead log is touched. */
  async sync(): Promise<void> {
    // SQLite holds no lock on this file, so that closing it here releases none of its locks.
    const log = await open(`${this.path}-wal`, 'r').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    });
    try {
      await log?.datasync();
    } finally {
      await log?.close();
    }
  }

  /** Bytes that are in use in the file. */
  usedBytes(): number {
    const value = (pragma: string): number =>
      Number(Object.values(this.database.statement(`PRAGMA ${pragma}`).get() ?? {})[0]);
    return (value('page_count') - value('freelist_count')) * value('page_size');
  }

  loadMetadata(): Map<string, MetricMetadata> {
    const metadata = new Map<string, MetricMetadata>();
    for (const row of this.database.statement('SELECT metric, type, help, unit FROM metadata').all()) {
      const type = String(row.type) as MetricMetadata['type'];
      metadata.set(String(row.metric), { type, help: String(row.help), unit: String(row.unit) });
    }
    return metadata;
  }

  storeMetadata(changed: ReadonlyMap<string, MetricMetadata>): void {
    this.database.transaction(() => {
      const insert = this.database.statement(
        'INSERT OR REPLACE INTO metadata (metric, type, help, unit) VALUES (?, ?, ?, ?)',
      );
      for (const [metric, { type, help, unit }] of changed) insert.run(metric, type, help, unit);
    });
  }

  /** Runs several changes as one: all of them or none. */
  transaction(work: () => void): void {
    this.database.transaction(work);
  }

  close(): void {
    this.database.close();
  }
}

/** Index of the first time at or after (`after`: later than) a time. */
function lowerBound(timestamps: Float64Array, timestampMs: number, after: boolean): number {
  let low = 0;
  let high = timestamps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const time = timestamps[middle];
    if (time < timestampMs || (after && time === timestampMs)) low = middle + 1;
    else high = middle;
  }
  return low;
}
