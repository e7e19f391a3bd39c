// Live charts in real Chromium: main-thread time per tick against Chart.js as it comes, and the heap over 30 minutes of ticks.
// node bench/charts.mjs [--quick]
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';

const quick = process.argv.includes('--quick');
const LOADS = {
  A: { panels: 12, series: 10, points: 600 },
  B: { panels: 24, series: 20, points: 1800 },
};
const TICKS = quick ? 8 : 20;
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

const outDir = await mkdtemp(path.join(tmpdir(), 'opsroom-charts-'));
await build({
  root: path.join(import.meta.dirname, 'charts'),
  base: './',
  logLevel: 'error',
  configFile: false,
  resolve: {
    alias: { '@opsroom/contracts': path.join(import.meta.dirname, '../libs/contracts/src/index.ts') },
  },
  worker: { format: 'es' },
  build: { outDir, emptyOutDir: true, target: 'es2022' },
});
const server = createServer((request, response) => {
  const name = new URL(request.url ?? '/', 'http://localhost').pathname;
  readFile(path.join(outDir, name === '/' ? 'index.html' : name)).then(
    (body) => response.writeHead(200, { 'content-type': TYPES[path.extname(name)] ?? 'text/html' }).end(body),
    () => response.writeHead(404).end(),
  );
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}/`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--js-flags=--expose-gc'],
});

async function withPage(use) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1100 } });
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(url);
  const session = await page.context().newCDPSession(page);
  try {
    return await use(page, session);
  } finally {
    await page.close();
  }
}

/** Main-thread ms per tick (tasks of the page, raster excluded), and ms from data to the last panel drawn. */
async function measure(kind, load, ticks, everyMs) {
  return withPage(async (page, session) => {
    await page.evaluate(([k, l]) => globalThis.bench.open(k, l), [kind, load]);
    await page.evaluate(([n, ms]) => globalThis.bench.run(n, ms), [4, everyMs]);
    await session.send('Performance.enable');
    const busy = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
    };
    const before = await busy();
    const took = await page.evaluate(([n, ms]) => globalThis.bench.run(n, ms), [ticks, everyMs]);
    const sorted = [...took].sort((a, b) => a - b);
    return { main: ((await busy()) - before) / ticks, p95: sorted[Math.floor(sorted.length * 0.95)] };
  });
}

/** Used heap in MB after a collection, first when the ring is full and the JIT is warm, then after 30 minutes of ticks. */
async function heap(kind, load, ticks) {
  return withPage(async (page, session) => {
    await page.evaluate(([k, l]) => globalThis.bench.open(k, l), [kind, load]);
    const used = async () => {
      await session.send('HeapProfiler.collectGarbage');
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize = 0 } = await session.send('Runtime.getHeapUsage');
      return (usedSize + backingStorageSize) / 1e6;
    };
    await page.evaluate(([n]) => globalThis.bench.run(n, 0), [Math.ceil(ticks / 6)]);
    const early = await used();
    await page.evaluate(([n]) => globalThis.bench.run(n, 0), [ticks - Math.ceil(ticks / 6)]);
    return { early, late: await used() };
  });
}

const rows = [];
for (const [name, load] of Object.entries(LOADS)) {
  const result = {};
  for (const kind of ['stock', 'tuned', 'page', 'worker']) {
    const slow = kind === 'stock' ? Math.max(3, Math.floor(TICKS / 4)) : TICKS;
    result[kind] = await measure(kind, load, slow, 200);
  }
  for (const [kind, { main, p95 }] of Object.entries(result)) {
    rows.push({
      load: `${name} ${load.panels}×${load.series}×${load.points}`,
      kind,
      'main thread ms/tick': main.toFixed(1),
      'of tuned stock': (main / result.tuned.main).toFixed(3),
      'data to drawn p95 ms': p95.toFixed(0),
    });
  }
}
console.table(rows);
const ticks = quick ? 300 : 1800;
for (const kind of ['page', 'worker']) {
  const { early, late } = await heap(kind, LOADS.A, ticks);
  const change = ((late / early - 1) * 100).toFixed(1);
  console.log(
    `heap, load A, ${kind}: ${early.toFixed(2)} MB after ${Math.ceil(ticks / 6)} ticks, ${late.toFixed(2)} MB after ${ticks} (${change} %)`,
  );
}
await browser.close();
server.close();
await rm(outDir, { recursive: true });
