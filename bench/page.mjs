// The page on the running server, in real Chromium: `node bench/page.mjs [--minutes 30] [--main apps/api/dist/main.js]`.
// Prints: start of the process to the first live chart, sample to pixel, JavaScript of the first load, heap over time, the server's CPU.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    main: { type: 'string', default: join(import.meta.dirname, '../apps/api/dist/main.js') },
  },
});
const minutes = Number(values.minutes);
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'];
const quiet = ['--disable-component-update', '--no-first-run', '--enable-precise-memory-info'];
const TICKS_PER_SECOND = 100;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
const print = (what, figure) => process.stdout.write(`${what.padEnd(52)} ${figure}\n`);

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Seconds of processor that the process has used, see proc_pid_stat(5). */
function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** For each plot of the page: age of its newest sample when that was first drawn, ms. */
const drawn = (page) =>
  page.$$eval('.plot canvas[data-newest-ms]', (plots) =>
    plots.map((plot) => [Number(plot.dataset.newestMs), Number(plot.dataset.drawnMs)]),
  );

const data = mkdtempSync(join(tmpdir(), 'opsroom-bench-page-'));
const port = await freePort();
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: [...flags, ...quiet] });
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
const devtools = await page.context().newCDPSession(page);
await devtools.send('Network.enable');
let scriptBytes = 0;
const scripts = new Set();
devtools.on('Network.responseReceived', ({ requestId, type }) => type === 'Script' && scripts.add(requestId));
devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
  if (scripts.has(requestId)) scriptBytes += encodedDataLength;
});

const startedMs = Date.now();
const args = ['--port', port, '--data', data, '--accounts.anonymous', 'administrator'];
const server = spawn(process.execPath, ['--no-warnings', values.main, ...args.map(String)], { stdio: 'ignore' });
try {
  for (;;) {
    const up = await fetch(`http://127.0.0.1:${port}/-/ready`).then(
      (r) => r.ok,
      () => false,
    );
    if (up) break;
    await sleep(20);
  }
  const readyMs = Date.now();
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.waitForSelector('.plot canvas[data-drawn-ms]', { timeout: 30_000 });
  print('process started to ready', `${readyMs - startedMs} ms`);
  print('process started to first live chart', `${Date.now() - startedMs} ms (target 5000)`);
  await sleep(5_000);
  print('JavaScript of the first load, as transferred', `${(scriptBytes / 1024).toFixed(0)} KB (target 250)`);

  const seen = new Set();
  const latencies = [];
  const heaps = [];
  const cpuFrom = cpuSeconds(server.pid);
  const from = Date.now();
  let nextHeapMs = from;
  while (Date.now() - from < minutes * 60_000) {
    for (const [i, [newestMs, drawnMs]] of (await drawn(page)).entries()) {
      const key = `${i} ${newestMs}`;
      if (!seen.has(key)) latencies.push(drawnMs - newestMs);
      seen.add(key);
    }
    if (Date.now() >= nextHeapMs) {
      await devtools.send('HeapProfiler.collectGarbage');
      const { usedSize } = await devtools.send('Runtime.getHeapUsage');
      heaps.push(usedSize);
      nextHeapMs += 60_000;
    }
    await sleep(250);
  }
  latencies.sort((a, b) => a - b);
  const ms = (q) => `${quantile(latencies, q)} ms`;
  print(
    'sample taken to drawn, p50 / p95 / p99',
    `${ms(0.5)} / ${ms(0.95)} / ${ms(0.99)} (p95 target 250), n = ${latencies.length}`,
  );
  const seconds = (Date.now() - from) / 1000;
  print('server, processor', `${(((cpuSeconds(server.pid) - cpuFrom) / seconds) * 100).toFixed(2)} % of a core`);
  const mega = (bytes) => `${(bytes / 1048576).toFixed(1)} MB`;
  print('page heap by minute', heaps.map(mega).join(' '));
  if (heaps.length > 6) {
    const change = (heaps.at(-1) / heaps[5] - 1) * 100;
    print('page heap, minute 5 to the end', `${change.toFixed(1)} % (target within 10)`);
  }
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('exit', resolve));
  rmSync(data, { recursive: true, force: true });
}
