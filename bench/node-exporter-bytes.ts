// Bytes a sample on disk on what Debian's prometheus-node-exporter really says: scrapes it on loopback, seals, looks at the file.
//   node --import ./test/support/ts-run.mjs bench/node-exporter-bytes.ts [scrapes] [intervalMs] [folder of saved scrapes *.txt]
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Labels } from '@opsroom/promql';
import { SystemClock } from '../apps/api/src/model/clock.js';
import { samplesMigrations } from '../apps/api/src/storage/migrations/samples.js';
import { SqliteDatabase } from '../apps/api/src/storage/sqlite-database.js';
import { defaultTsdbOptions, TsdbStore } from '../apps/api/src/storage/tsdb-store.js';

const SCRAPES = Number(process.argv[2] ?? 120);
const INTERVAL_MS = Number(process.argv[3] ?? 1000);
const ADDRESS = '127.0.0.1:21250';

async function scrape(): Promise<string[]> {
  const exporter = spawn('prometheus-node-exporter', [`--web.listen-address=${ADDRESS}`], { stdio: 'ignore' });
  try {
    await wait(1500);
    const texts: string[] = [];
    for (let i = 0; i < SCRAPES; i++) {
      texts.push(await (await fetch(`http://${ADDRESS}/metrics`)).text());
      await wait(INTERVAL_MS);
    }
    return texts;
  } finally {
    exporter.kill();
  }
}

const saved = process.argv[4];
const texts = saved
  ? readdirSync(saved)
      .filter((name) => name.endsWith('.txt'))
      .sort((a, b) => Number(/\d+/.exec(a)) - Number(/\d+/.exec(b)))
      .map((name) => readFileSync(join(saved, name), 'utf8'))
      .filter((text) => text.length > 0)
  : await scrape();

const folder = mkdtempSync(join(tmpdir(), 'opsroom-bench-'));
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
  new SystemClock(),
);
try {
  // Two hundred hosts would share nothing but their shape; the same host under many names is sealed in blocks of its own each time.
  const HOSTS = 40;
  let samples = 0;
  for (const [n, text] of texts.slice(0, 120).entries()) {
    for (let host = 0; host < HOSTS; host++) {
      const refs: number[] = [];
      const values: number[] = [];
      for (const line of text.split('\n')) {
        const space = line.lastIndexOf(' ');
        if (line.startsWith('#') || space < 0) continue;
        refs.push(store.resolve(Labels.from({ __name__: line.slice(0, space), host: String(host) }), 'bench'));
        values.push(Number(line.slice(space + 1).replace('+Inf', 'Infinity')));
      }
      samples += store.append({
        source: 'bench',
        receivedMs: 0,
        refs: Uint32Array.from(refs),
        timestamps: new Float64Array(refs.length).fill(1_700_000_000_000 + n * 15_000 + host * 311),
        values: Float64Array.from(values),
        count: refs.length,
      }).appended;
    }
    await store.writeLog();
  }
  while (store.seal());
  await store.tidy();
  const { blocks } = store.stats();
  await store.close();
  const bytes = statSync(join(folder, 'samples.db')).size;
  const database = SqliteDatabase.open(join(folder, 'samples.db'), {
    migrations: samplesMigrations,
    synchronous: 'normal',
  });
  const sizes = database
    .statement('SELECT sum(length(directory)) AS directories, sum(length(data)) AS data FROM blocks')
    .get();
  database.exec('DROP TABLE series; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  const withoutLabels = statSync(join(folder, 'samples.db')).size;
  console.log(
    `${texts.length} scrapes, ${samples / HOSTS / Math.min(120, texts.length)} series a host, ${HOSTS} hosts: ` +
      `${blocks} blocks, ` +
      `${(Number(sizes?.data) / samples).toFixed(3)} bytes a sample of data, ${(Number(sizes?.directories) / samples).toFixed(3)} of directories, ` +
      `${(withoutLabels / samples).toFixed(3)} in the file; labels are ${((bytes - withoutLabels) / 1e6).toFixed(2)} MB once`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
