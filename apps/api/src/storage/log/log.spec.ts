import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ByteReader } from '../bytes/byte-reader.js';
import { readRefs, RecordType, writeRefs } from './log-records.js';
import { listSegments, replaySegments, segmentFile } from './log-segments.js';
import { LogWriter } from './log-writer.js';

describe('the log', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opsroom-log-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const writer = (segment = 1, maxWaitingBytes = 1e6): LogWriter => new LogWriter({ folder, segment, maxWaitingBytes });
  const add = (log: LogWriter, n: number): void =>
    log.append(RecordType.forgotten, (out) => writeRefs([n, n + 1], out), true);
  function replay(): { read: number[]; cutBytes: number } {
    const read: number[] = [];
    const { cutBytes } = replaySegments(folder, (_type, payload) => read.push(readRefs(new ByteReader(payload))[0]));
    return { read, cutBytes };
  }
  const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

  it('gives back every record in order, over several segments', async () => {
    const log = writer();
    for (const n of upTo(9)) {
      add(log, n);
      if (n % 3 === 0) await log.rotate();
    }
    await log.close();
    expect(listSegments(folder)).toEqual([1, 2, 3]);
    expect(replay()).toEqual({ read: upTo(9), cutBytes: 0 });
  });

  it('takes records that come while others are being written', async () => {
    const log = writer();
    const rounds: Promise<void>[] = [];
    for (const n of upTo(200)) {
      add(log, n);
      rounds.push(n % 7 === 0 ? log.sync() : log.write());
    }
    await Promise.all(rounds);
    await log.close();
    expect(replay().read).toEqual(upTo(200));
  });

  it('cuts a torn record off its end, wherever it was torn, and goes on behind', async () => {
    const log = writer();
    for (const n of upTo(5)) add(log, n);
    await log.close();
    const file = segmentFile(folder, 1);
    const whole = readFileSync(file);
    const recordBytes = (whole.length - 8) / 5;
    for (let length = whole.length - 1; length >= 0; length--) {
      writeFileSync(file, whole.subarray(0, length));
      const kept = Math.max(0, Math.floor((length - 8) / recordBytes));
      expect(replay().read).toEqual(upTo(kept));
      const next = writer(2);
      add(next, 100);
      await next.close();
      expect(replay()).toEqual({ read: [...upTo(kept), 100], cutBytes: 0 });
      rmSync(segmentFile(folder, 2));
    }
  });

  it('cuts at a record whose bytes are not those that were written', async () => {
    const log = writer();
    for (const n of upTo(5)) add(log, n);
    await log.close();
    const bytes = readFileSync(segmentFile(folder, 1));
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(segmentFile(folder, 1), bytes);
    const { read, cutBytes } = replay();
    expect(read).toEqual(upTo(4));
    expect(cutBytes).toBeGreaterThan(0);
  });

  it('refuses damage in the middle, and says where and what to do', async () => {
    const log = writer();
    for (const n of upTo(4)) {
      add(log, n);
      if (n === 2) await log.rotate();
    }
    await log.close();
    const bytes = readFileSync(segmentFile(folder, 1));
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(segmentFile(folder, 1), bytes);
    expect(replay).toThrow(
      /00000001\.log: damaged at byte \d+ of \d+; put a backup in its place, or move this file away/,
    );
  });

  it('does not lose what it could not write, once it can be written again', async () => {
    const log = writer();
    rmSync(folder, { recursive: true });
    add(log, 1);
    await expect(log.sync()).rejects.toThrow(/00000001\.log/);
    expect(log.failure?.message).toContain('00000001.log');
    add(log, 2);
    await log.write();
    mkdirSync(folder);
    add(log, 3);
    await log.sync();
    expect(log.failure).toBeUndefined();
    await log.close();
    expect(replay().read).toEqual([1, 2, 3]);
  });

  it('gives samples up, and counts them, rather than fill the memory while the disk refuses', async () => {
    const log = writer(1, 100);
    for (const n of upTo(50)) add(log, n);
    expect(log.lostRecords).toBeGreaterThan(0);
    await log.close();
    expect(replay().read).toHaveLength(50 - log.lostRecords);
  });

  it('takes a segment that was begun but never written to for an empty one', () => {
    writeFileSync(segmentFile(folder, 1), 'OPSLOG1\n');
    truncateSync(segmentFile(folder, 1), 3);
    expect(replay()).toEqual({ read: [], cutBytes: 3 });
    expect(listSegments(folder)).toEqual([]);
  });
});
