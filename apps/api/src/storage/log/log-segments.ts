import { closeSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describeFileError, StorageError } from '../storage-error.js';

/*
 * A segment is a file of records behind eight bytes that say what it is:
 *   length of the payload (uint32) · CRC-32 of type and payload (uint32) · type (1 byte) · payload
 */
export const SEGMENT_HEADER = Buffer.from('OPSLOG1\n', 'latin1');
export const RECORD_HEADER_BYTES = 9;

export function segmentFile(folder: string, segment: number): string {
  return join(folder, `${String(segment).padStart(8, '0')}.log`);
}

/** Numbers of the segments in a folder, ascending; makes the folder if it is missing. */
export function listSegments(folder: string): number[] {
  try {
    mkdirSync(folder, { recursive: true });
    return readdirSync(folder)
      .filter((name) => /^\d{8}\.log$/.test(name))
      .map((name) => Number.parseInt(name, 10))
      .sort((a, b) => a - b);
  } catch (error) {
    throw new StorageError(describeFileError(error, folder), { cause: error });
  }
}

export type VisitRecord = (type: number, payload: Uint8Array, segment: number) => void;

/**
 * Visits every whole record in order. The last segment may end in a record that was being written when the process was killed:
 * it is cut off there, durably. Damage anywhere else throws `StorageError`, since it would leave a hole that nobody noticed.
 * Returns the numbers of the segments and how many bytes were cut.
 */
export function replaySegments(folder: string, visit: VisitRecord): { segments: number[]; cutBytes: number } {
  const segments = listSegments(folder);
  let cutBytes = 0;
  segments.forEach((segment, i) => {
    const path = segmentFile(folder, segment);
    const bytes = readSegment(path);
    const intactUntil = visitRecords(bytes, segment, path, visit);
    if (intactUntil === bytes.length) return;
    if (i < segments.length - 1) {
      throw new StorageError(
        `${path}: damaged at byte ${intactUntil} of ${bytes.length}; put a backup in its place, or move this file away to start without the samples in it`,
      );
    }
    cutBytes = bytes.length - intactUntil;
    cut(path, intactUntil);
  });
  return { segments, cutBytes };
}

function readSegment(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new StorageError(describeFileError(error, path), { cause: error });
  }
}

/** Returns where the first record begins that is not whole, or the length when all are. */
function visitRecords(bytes: Buffer, segment: number, path: string, visit: VisitRecord): number {
  if (!bytes.subarray(0, SEGMENT_HEADER.length).equals(SEGMENT_HEADER)) return 0;
  let at = SEGMENT_HEADER.length;
  while (bytes.length - at >= RECORD_HEADER_BYTES) {
    const length = bytes.readUInt32LE(at);
    const end = at + RECORD_HEADER_BYTES + length;
    if (end > bytes.length || crc32(bytes.subarray(at + 8, end)) !== bytes.readUInt32LE(at + 4)) return at;
    try {
      visit(bytes[at + 8], bytes.subarray(at + RECORD_HEADER_BYTES, end), segment);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new StorageError(
        `${path}: the record at byte ${at} cannot be read (${error.message}); a newer version of Opsroom may have written it: start that version again`,
        { cause: error },
      );
    }
    at = end;
  }
  return at;
}

function cut(path: string, length: number): void {
  try {
    if (length === 0) {
      rmSync(path);
      return;
    }
    const file = openSync(path, 'r+');
    ftruncateSync(file, length);
    fsyncSync(file);
    closeSync(file);
  } catch (error) {
    throw new StorageError(describeFileError(error, path), { cause: error });
  }
}
