import { type FileHandle, open, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { ByteWriter } from '../bytes/byte-writer.js';
import { describeFileError, StorageError } from '../storage-error.js';
import { RECORD_HEADER_BYTES, SEGMENT_HEADER, segmentFile } from './log-segments.js';
import type { RecordType } from './log-records.js';

export interface LogOptions {
  readonly folder: string;
  /** Number of the first segment that this writer makes. */
  readonly segment: number;
  /** While the disk refuses, at most this much waits in memory; more sample records are given up. */
  readonly maxWaitingBytes: number;
}

/**
 * In: records. Out: promises that they are on disk. Owns: the log's newest segment and the bytes that wait to be written. Writing and
 * syncing happen outside the event loop; everything that was appended meanwhile goes with the next round (group commit).
 * A round that fails is tried again from the same place by the next one; `failure` says what is wrong until one succeeds.
 */
export class LogWriter {
  failure: StorageError | undefined;
  /** Number of the segment that is written to. */
  segment: number;
  /** Records that were given up while the disk refused for too long. */
  lostRecords = 0;
  private waiting = new ByteWriter(1 << 16);
  private beingWritten = new ByteWriter(1 << 16);
  private file: FileHandle | undefined;
  private position = 0;
  private synced = true;
  private round: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly options: LogOptions) {
    this.segment = options.segment;
  }

  /** Bytes of this segment on disk and on their way there. */
  get segmentLength(): number {
    return this.position + this.beingWritten.length + this.waiting.length;
  }

  /** Adds a record; `write` puts its payload into the writer it gets. `optional` records may be given up when the disk refuses. */
  append(type: RecordType, write: (out: ByteWriter) => void, optional: boolean): void {
    const out = this.waiting;
    if (optional && out.length > this.options.maxWaitingBytes) {
      this.lostRecords++;
      return;
    }
    const start = out.length;
    out.uint32(0);
    out.uint32(0);
    out.byte(type);
    write(out);
    const record = out.written();
    out.patchUint32(start, record.length - start - RECORD_HEADER_BYTES);
    out.patchUint32(start + 4, crc32(record.subarray(start + 8)));
  }

  /** Hands what waits to the operating system: it then survives the process. Never rejects; see `failure`. */
  async write(): Promise<void> {
    await this.run('write');
  }

  /** Resolves when everything appended before the call is on disk. Rejects with `StorageError` when it could not be written. */
  async sync(): Promise<void> {
    await this.run('sync');
    if (this.failure) throw this.failure;
  }

  /** As `sync`, then ends the segment, so that it can be dropped once its samples are sealed. */
  async rotate(): Promise<void> {
    await this.run('rotate');
    if (this.failure) throw this.failure;
  }

  /** Removes segments that nothing needs any more. */
  async drop(segments: readonly number[]): Promise<void> {
    for (const segment of segments) await rm(segmentFile(this.options.folder, segment), { force: true });
  }

  /** Syncs and ends. Rejects with `StorageError` when the last records could not be written. */
  async close(): Promise<void> {
    try {
      await this.sync();
    } finally {
      this.closed = true;
      await this.file?.close();
      this.file = undefined;
    }
  }

  /** One round at a time; a round begins after the call, so it takes everything that was appended before it. */
  private async run(kind: RoundKind): Promise<void> {
    while (this.round) await this.round;
    if (this.closed) return;
    this.round = this.doRound(kind).finally(() => (this.round = undefined));
    await this.round;
  }

  private async doRound(kind: RoundKind): Promise<void> {
    try {
      // What an earlier round failed to write goes first, to the same place.
      if (this.beingWritten.length > 0) await this.writeOut();
      [this.waiting, this.beingWritten] = [this.beingWritten, this.waiting];
      if (this.beingWritten.length > 0) await this.writeOut();
      if (kind !== 'write' && !this.synced) {
        await this.file?.datasync();
        this.synced = true;
      }
      if (kind === 'rotate' && this.file) await this.endSegment();
      this.failure = undefined;
    } catch (error) {
      const path = segmentFile(this.options.folder, this.segment);
      this.failure = new StorageError(describeFileError(error, path), { cause: error });
    }
  }

  private async writeOut(): Promise<void> {
    const file = (this.file ??= await this.beginSegment());
    const bytes = this.beingWritten.written();
    this.synced = false;
    for (let done = 0; done < bytes.length;) {
      done += (await file.write(bytes, done, bytes.length - done, this.position + done)).bytesWritten;
    }
    this.position += bytes.length;
    this.beingWritten.clear();
  }

  private async beginSegment(): Promise<FileHandle> {
    const file = await open(segmentFile(this.options.folder, this.segment), 'w');
    try {
      await file.write(SEGMENT_HEADER, 0, SEGMENT_HEADER.length, 0);
      await syncFolder(this.options.folder);
    } catch (error) {
      await file.close();
      throw error;
    }
    this.position = SEGMENT_HEADER.length;
    return file;
  }

  private async endSegment(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
    this.position = 0;
    this.segment++;
  }
}

type RoundKind = 'write' | 'sync' | 'rotate';

/** Makes a new file's name durable. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
