// The store by itself: start after a kill, a durable batch beside SQLite rows, reading, bytes on disk, the longest slice of sealing.
//   node --import ./test/support/ts-run.mjs bench/storage.ts [series] [hours]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMatcher, Labels } from '@opsroom/promql';
import { SystemClock } from '../apps/api/src/model/clock.js';
import { SqliteDatabase } from '../apps/api/src/storage/sqlite-database.js';
import { defaultTsdbOptions, TsdbStore } from '../apps/api/src/storage/tsdb-store.js';

const SERIES = Number(process.argv[2] ?? 10_000);
const HOURS = Number(process.argv[3] ?? 6);
const STEP_MS = 15_000;
const clock = new SystemClock();
const endMs = Math.floor(clock.nowMs() / STEP_MS) * STEP_MS;
const startMs = endMs - HOURS * 3_600_000;

const open = (folder: string): TsdbStore =>
  TsdbStore.open(
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
const ms = (since: number): number => Math.round((clock.monotonicMs() - since) * 100) / 100;
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((total, entry) => total + statSync(join(entry.parentPath, entry.name)).size, 0);

/** Values as node_exporter's: counters of seconds in hundredths, of bytes, rarely moving ones, gauges in pages, constants. */
function makeValues(): (values: Float64Array) => void {
  let seed = 42;
  const random = (): number => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const state = Float64Array.from({ length: SERIES }, () => Math.floor(random() * 1e6));
  return (values) => {
    for (let i = 0; i < SERIES; i++) {
      switch (i % 10) {
        case 0:
        case 1:
          state[i] = Math.round((state[i] + random() * 15) * 100) / 100;
          break;
        case 2:
          state[i] += Math.floor(random() * 200_000);
          break;
        case 3:
          state[i] += random() < 0.05 ? 1 : 0;
          break;
        case 4:
          state[i] = 4096 * Math.floor(1e6 + random() * 20_000);
          break;
        case 5:
          state[i] += Math.floor(random() * 500);
          break;
        default:
      }
    }
    values.set(state);
  };
}

/** In a process of its own, so that it can end as a kill ends it: without a word to anybody. */
async function fill(folder: string): Promise<void> {
  const store = open(folder);
  const refs = Uint32Array.from({ length: SERIES }, (_, i) =>
    store.resolve(
      Labels.from({ __name__: `metric_${i % 500}`, instance: `host-${Math.floor(i / 500)}:9100`, job: 'node' }),
      'bench',
    ),
  );
  const next = makeValues();
  const values = new Float64Array(SERIES);
  const slices: { wallMs: number; cpuMs: number }[] = [];
  for (let t = startMs; t < endMs; t += STEP_MS) {
    next(values);
    const timestamps = new Float64Array(SERIES).fill(t);
    store.append({ source: 'bench', receivedMs: t, refs, timestamps, values, count: SERIES });
    for (let more = true; more;) {
      const since = clock.monotonicMs();
      const cpuSince = cpuMs();
      more = store.seal();
      if (more) slices.push({ wallMs: clock.monotonicMs() - since, cpuMs: cpuMs() - cpuSince });
    }
    if ((t - startMs) % (STEP_MS * 20) === 0) await store.tidy();
    else await store.writeLog();
  }
  await store.flush();
  await store.tidy();
  const at = (share: number, kind: 'wallMs' | 'cpuMs'): string =>
    slices
      .map((slice) => slice[kind])
      .sort((a, b) => a - b)
      [Math.floor((slices.length - 1) * share)].toFixed(2);
  console.log(
    `  filled: ${slices.length} slices of sealing, CPU median ${at(0.5, 'cpuMs')} ms, p99 ${at(0.99, 'cpuMs')} ms; ` +
      `wall median ${at(0.5, 'wallMs')} ms, p99 ${at(0.99, 'wallMs')} ms, longest ${at(1, 'wallMs')} ms`,
  );
  process.kill(process.pid, 'SIGKILL');
}

async function durableBatches(folder: string): Promise<void> {
  const count = 10_000;
  const store = open(folder);
  const refs = Uint32Array.from({ length: count }, (_, i) =>
    store.resolve(Labels.from({ __name__: `durable_${i}` }), 'b'),
  );
  const database = SqliteDatabase.open(join(folder, 'rows.db'), {
    synchronous: 'full',
    migrations: [
      { name: '1', sql: 'CREATE TABLE rows (ref INTEGER, t INTEGER, v REAL, PRIMARY KEY (ref, t)) WITHOUT ROWID' },
    ],
  });
  const insert = database.statement('INSERT INTO rows VALUES (?, ?, ?)');
  const log: number[][] = [[], []];
  const rows: number[][] = [[], []];
  const values = new Float64Array(count);
  for (let round = 1; round <= 15; round++) {
    for (let i = 0; i < count; i++) values[i] = round * i;
    const timestamps = new Float64Array(count).fill(endMs + round * 1000);
    let since = clock.monotonicMs();
    let cpuSince = cpuMs();
    store.append({ source: 'b', receivedMs: 0, refs, timestamps, values, count });
    await store.flush();
    log[0].push(clock.monotonicMs() - since);
    log[1].push(cpuMs() - cpuSince);
    since = clock.monotonicMs();
    cpuSince = cpuMs();
    database.transaction(() => {
      for (let i = 0; i < count; i++) insert.run(refs[i], timestamps[i], values[i]);
    });
    rows[0].push(clock.monotonicMs() - since);
    rows[1].push(cpuMs() - cpuSince);
  }
  const median = (list: number[]): number => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
  for (const [kind, name] of ['wall', 'CPU'].entries()) {
    const [a, b] = [median(log[kind]), median(rows[kind])];
    console.log(
      `durable batch of 10,000, ${name}, medians: log ${a.toFixed(2)} ms, SQLite rows ${b.toFixed(2)} ms, ratio ${(a / b).toFixed(3)}; ` +
        `best ${log[kind][0].toFixed(2)} and ${rows[kind][0].toFixed(2)}`,
    );
  }
  await store.close();
  database.close();
}

function reads(store: TsdbStore): void {
  const matchers = [createMatcher('__name__', '=', 'metric_0'), createMatcher('instance', '=~', 'host-[0-9]:9100')];
  const read = (from: number): [number, number, number] => {
    const since = clock.monotonicMs();
    let series = 0;
    let samples = 0;
    for (const one of store.select(matchers, from, from + 3_600_000)) {
      series++;
      samples += one.to - one.from;
    }
    return [ms(since), series, samples];
  };
  const times: string[] = [];
  for (const hour of [1, 2, 3]) times.push(read(startMs + (hour - 0.5) * 3_600_000).join('/'));
  const warm = Array.from({ length: 50 }, () => read(startMs + 1_800_000)[0]).sort((a, b) => a - b)[25];
  console.log(
    `reading 1 h of 10 series from blocks (ms/series/samples): cold ${times.join(' ')}, warm median ${warm} ms`,
  );
}

if (process.argv[4] === 'fill') {
  await fill(process.argv[5]);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'opsroom-bench-'));
  try {
    console.log(`${SERIES} series, ${HOURS} h at 15 s`);
    spawnSync(process.execPath, [...process.execArgv, process.argv[1], String(SERIES), String(HOURS), 'fill', folder], {
      stdio: 'inherit',
    });
    const since = clock.monotonicMs();
    const store = open(folder);
    console.log(`start after the kill: ${ms(since)} ms, ${store.recovered.samples} samples read back from the log`);
    const stats = store.stats();
    const samples = (SERIES * (endMs - startMs)) / STEP_MS;
    let found = 0;
    for (const one of store.select([createMatcher('job', '=', 'node')], -Infinity, Infinity))
      found += one.to - one.from;
    console.log(`samples found ${found} of ${samples}`);
    const sealed = samples - store.recovered.samples;
    console.log(
      `on disk ${(bytesIn(folder) / 1e6).toFixed(1)} MB with the log; blocks ${(stats.bytesOnDisk / 1e6).toFixed(1)} MB with it counted; ` +
        `samples.db ${(statSync(join(folder, 'samples.db')).size / sealed).toFixed(3)} bytes a sample that only blocks have`,
    );
    reads(store);
    await store.close();
    await durableBatches(join(folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
