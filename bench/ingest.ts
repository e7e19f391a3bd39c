// Remote write in this process: decompress, decode, check, head, log, sealing as it falls due. No HTTP. CPU time is what counts
// on a shared machine.
//   node --import ./test/support/ts-run.mjs bench/ingest.ts [series] [rounds]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { NEVER } from 'rxjs';
import { IngestService } from '../apps/api/src/ingest/ingest.service.js';
import { RemoteWriteService } from '../apps/api/src/ingest/remote-write/remote-write.service.js';
import { encodeRequest, varint } from '../apps/api/src/ingest/remote-write/write-request.fixture.js';
import { SystemClock } from '../apps/api/src/model/clock.js';
import { Batches } from '../apps/api/src/sources/batches.js';
import { defaultTsdbOptions, TsdbStore } from '../apps/api/src/storage/tsdb-store.js';

const SERIES = Number(process.argv[2] ?? 10_000);
const ROUNDS = Number(process.argv[3] ?? 150);
/** Prometheus's `max_samples_per_send`. */
const PER_REQUEST = 2000;
Logger.overrideLogger(false);

class NoBatches extends Batches {
  readonly batches$ = NEVER;
  statuses(): [] {
    return [];
  }
}

/** A plain Snappy compressor, so that the bodies hold copies as real ones do: matches of four bytes and more, found by a hash. */
function compress(text: Uint8Array): Uint8Array {
  const out: number[] = [...varint(text.length)];
  const seen = new Int32Array(1 << 14).fill(-1);
  let literal = 0;
  const flush = (end: number): void => {
    for (; literal < end;) {
      const size = Math.min(end - literal, 60);
      out.push((size - 1) << 2, ...text.subarray(literal, literal + size));
      literal += size;
    }
  };
  for (let at = 0; at + 4 <= text.length;) {
    const word = text[at] | (text[at + 1] << 8) | (text[at + 2] << 16) | (text[at + 3] << 24);
    const slot = Math.imul(word, 0x1e35a7bd) >>> 18;
    const from = seen[slot];
    seen[slot] = at;
    let size = 0;
    if (from >= 0 && at - from < 65_536) {
      while (size < 64 && at + size < text.length && text[from + size] === text[at + size]) size++;
    }
    if (size < 4) {
      at++;
      continue;
    }
    flush(at);
    out.push(((size - 1) << 2) | 2, (at - from) & 255, (at - from) >>> 8);
    at += size;
    literal = at;
  }
  flush(text.length);
  return Uint8Array.from(out);
}

const folder = mkdtempSync(join(tmpdir(), 'opsroom-bench-'));
const clock = new SystemClock();
const store = TsdbStore.open(
  {
    ...defaultTsdbOptions,
    databaseFile: join(folder, 'samples.db'),
    logFolder: join(folder, 'log'),
    retentionMs: 0,
    retentionBytes: 0,
    outOfOrderWindowMs: 0,
    futureToleranceMs: Infinity,
    maxSeriesPerSource: 1_000_000,
  },
  clock,
);
const service = new RemoteWriteService(store, new IngestService(new NoBatches(), store, clock), clock);
const labels = Array.from({ length: SERIES }, (_, i) => ({
  __name__: `node_network_receive_bytes_${i % 500}_total`,
  cluster: 'production-eu',
  device: `eth${i % 4}`,
  instance: `host-${Math.floor(i / 500)}.example.net:9100`,
  job: 'node',
}));
let cpuUs = 0;
let wallMs = 0;
let sealUs = 0;
let samples = 0;
let bodyBytes = 0;
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
try {
  for (let round = 0; round < ROUNDS; round++) {
    const bodies: Uint8Array[] = [];
    for (let first = 0; first < SERIES; first += PER_REQUEST) {
      const part = labels.slice(first, first + PER_REQUEST);
      const series = part.map((set, i) => ({
        labels: set,
        samples: [[1_700_000_000_000 + round * 15_000, round * (first + i)] as const],
      }));
      bodies.push(compress(encodeRequest(series)));
    }
    let since = cpu();
    const sinceMs = clock.monotonicMs();
    for (const body of bodies) {
      const { status, message } = service.write(body);
      if (status !== 204) throw new Error(message);
      if (round > 0) bodyBytes += body.length;
    }
    await store.writeLog();
    if (round > 0) {
      cpuUs += cpu() - since;
      wallMs += clock.monotonicMs() - sinceMs;
      samples += SERIES;
    }
    since = cpu();
    while (store.seal());
    sealUs += cpu() - since;
  }
  await store.flush();
  const stats = store.stats();
  console.log(
    `${SERIES} series × ${ROUNDS} rounds in requests of ${PER_REQUEST}: ${(bodyBytes / samples).toFixed(1)} bytes a sample on the wire`,
  );
  console.log(
    `decode, check, head, log: ${Math.round(samples / wallMs)} k samples/s, ${(cpuUs / samples).toFixed(3)} µs CPU a sample`,
  );
  console.log(`sealing besides: ${(sealUs / stats.appended).toFixed(3)} µs CPU a sample; ${stats.blocks} blocks`);
  console.log(
    `together ${((cpuUs + sealUs) / samples).toFixed(3)} µs CPU a sample (Prometheus 2.42 on such a machine: 4.8)`,
  );
} finally {
  await store.close();
  rmSync(folder, { recursive: true });
}
