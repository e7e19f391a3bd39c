/**
 * Live delivery under load, with its controls in the same run: `npm run bench:live -- [--minutes 1] [--watchers 1000]
 * [--series 10000] [--topics 200]`. Clients are in processes of their own. Needs a build.
 */
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeLabels, encodeWrite } from './remote-write.mjs';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    watchers: { type: 'string', default: '1000' },
    series: { type: 'string', default: '10000' },
    topics: { type: 'string', default: '200' },
    port: { type: 'string', default: '21510' },
    only: { type: 'string', default: '' },
  },
});
const WATCHERS = Number(options.watchers);
const SERIES = Number(options.series);
const TOPICS = Number(options.topics);
const EACH = 20;
const PORT = Number(options.port);
const SECONDS = Number(options.minutes) * 60;

const here = (name) => new URL(name, import.meta.url).pathname;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const answer = (child) =>
  new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`a process of the benchmark ended with ${code}`)));
  });
const ask = (child) => {
  const reply = answer(child);
  child.send('report');
  return reply;
};
const start = async (script, task) => {
  const child = fork(here(script), [JSON.stringify(task)]);
  await answer(child);
  return child;
};
const line = (name, value, target = '') => console.log(`${name.padEnd(58)} ${String(value).padStart(14)}   ${target}`);
const round = (value, digits = 1) => Number(value).toFixed(digits);

/** CPU ms that a process has used, from /proc; undefined elsewhere. */
function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
const rssOf = (pid) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

async function fanout() {
  const watchers = Math.min(WATCHERS, 500);
  const seconds = Math.min(10, Math.max(5, SECONDS / 6));
  const rooms = Array.from({ length: TOPICS }, (_, i) => `room-${i}`);
  const perDelivery = {};
  console.log(
    `\nFan-out of 1 KB frames, ${watchers} watchers in ${EACH} of ${TOPICS} rooms, once a second for ${round(seconds, 0)} s each`,
  );
  for (const mode of ['stock', 'coalescing', 'raw']) {
    const server = await start('./live-fanout-server.mjs', { mode, port: PORT, rooms });
    const clients = await start('./live-watchers.mjs', {
      url: `http://127.0.0.1:${PORT}`,
      watchers,
      topicsEach: EACH,
      topics: rooms,
      join: true,
    });
    server.send('start');
    await sleep(2000);
    await ask(clients);
    await ask(server);
    await sleep(seconds * 1000);
    const [sent, received] = [await ask(server), await ask(clients)];
    perDelivery[mode] = (sent.cpuMs * 1000) / received.frames;
    line(`  ${mode}: server µs of CPU per delivery`, round(perDelivery[mode], 2));
    line(`  ${mode}: event loop blocked at most, ms`, round(sent.blockedMs));
    for (const child of [server, clients]) child.send('stop');
    await sleep(200);
  }
  line('  coalescing / stock', round(perDelivery.coalescing / perDelivery.stock, 2), 'target ≤ 0.33');
  line('  coalescing / raw', round(perDelivery.coalescing / perDelivery.raw, 2), 'target ≤ 3');
}

const INSTANCES = 100;
const METRICS = SERIES / INSTANCES;

/** What dashboards ask: single series, sums, rates, ratios, top lists. */
function topicOf(i) {
  const metric = `bench_${i % METRICS}`;
  const instance = `i${(i * 13) % INSTANCES}`;
  const forms = [
    `${metric}{instance="${instance}"}`,
    `rate(${metric}{instance="${instance}"}[30s])`,
    `sum by (group) (${metric})`,
    `sum by (group) (rate(${metric}[30s]))`,
    `topk(5, ${metric})`,
    `max_over_time(${metric}{group="g${i % 10}"}[20s])`,
    `${metric}{group="g${i % 10}"} / on (instance) bench_${(i + 1) % METRICS}{group="g${i % 10}"}`,
    `avg(${metric}) by (group) > 0`,
  ];
  return { expr: forms[i % forms.length], stepMs: 1000, windowMs: 60_000 };
}

async function whole() {
  const folder = mkdtempSync(join(tmpdir(), 'opsroom-bench-'));
  writeFileSync(join(folder, 'opsroom.yml'), 'accounts:\n  anonymous: administrator\n');
  const server = spawn(
    process.execPath,
    [
      here('../apps/api/dist/main.js'),
      '--port',
      PORT,
      '--data',
      join(folder, 'data'),
      '--config',
      join(folder, 'opsroom.yml'),
    ].map(String),
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const url = `http://127.0.0.1:${PORT}`;
  for (;;) {
    if (
      await fetch(`${url}/-/ready`).then(
        (reply) => reply.ok,
        () => false,
      )
    )
      break;
    await sleep(100);
  }
  const labels = Array.from({ length: SERIES }, (_, i) =>
    encodeLabels({
      __name__: `bench_${Math.floor(i / INSTANCES)}`,
      instance: `i${i % INSTANCES}`,
      group: `g${i % 10}`,
    }),
  );
  let round_ = 0;
  let failed = '';
  const write = async () => {
    round_ += 1;
    const now = Date.now();
    const body = encodeWrite(
      labels,
      labels.map((_, i) => round_ * (1 + (i % 7)) + (i % 13)),
      now,
    );
    const reply = await fetch(`${url}/api/v1/write`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
      },
    });
    if (!reply.ok) failed = `${reply.status} ${await reply.text()}`;
  };
  await write();
  const writer = setInterval(() => void write().catch((error) => (failed = String(error))), 1000);
  const topics = Array.from({ length: TOPICS }, (_, i) => topicOf(i));
  const blocked = [];
  const watchLoop = setInterval(async () => {
    const text = await fetch(`${url}/metrics`).then(
      (reply) => reply.text(),
      () => '',
    );
    const value = /^opsroom_event_loop_blocked_seconds (\S+)/m.exec(text)?.[1];
    if (value) blocked.push(Number(value) * 1000);
  }, 1000);
  try {
    await sleep(5000);
    const ingest = await share(server.pid, 5);
    line('\nServer CPU with ingest alone, % of a core', round(ingest));
    for (const watchers of [50, WATCHERS]) {
      const clients = await start('./live-watchers.mjs', { url, watchers, topicsEach: EACH, topics, credit: true });
      await sleep(5000);
      const joined = await ask(clients);
      blocked.length = 0;
      const seconds = watchers === WATCHERS ? SECONDS : Math.min(15, SECONDS);
      const rssBefore = rssOf(server.pid);
      const cpu = await share(server.pid, seconds);
      const seen = await ask(clients);
      console.log(`\n${watchers} watchers, ${EACH} of ${TOPICS} topics each, ${SERIES} series at 1 Hz, ${seconds} s`);
      line('  all subscribed after, s', round(joined.connectedMs / 1000));
      line('  frames received per second', round(seen.frames / seconds, 0));
      line(
        '  sample taken → received, p50 / p95 / p99, ms',
        `${seen.p50}/${seen.p95}/${seen.p99}`,
        watchers === 50 ? 'target p99 ≤ 100' : 'target p99 ≤ 500',
      );
      line('  server CPU, % of a core', round(cpu));
      line('  server µs of CPU per delivery beyond ingest', round(((cpu - ingest) * 1e4 * seconds) / seen.frames));
      line('  event loop blocked at most, ms', round(Math.max(0, ...blocked), 0), 'target ≤ 30');
      line('  server memory before and after, MB', `${round(rssBefore, 0)}/${round(rssOf(server.pid), 0)}`);
      line('  subscriptions refused, streams broken', `${joined.refused}, ${seen.broken}`, 'target 0, 0');
      clients.send('stop');
      await sleep(1000);
    }
    if (failed) console.log(`a write failed: ${failed}`);
  } finally {
    clearInterval(writer);
    clearInterval(watchLoop);
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
    rmSync(folder, { recursive: true });
  }
}

async function share(pid, seconds) {
  const before = cpuMs(pid);
  await sleep(seconds * 1000);
  return (cpuMs(pid) - before) / (seconds * 10);
}

if (options.only !== 'server') await fanout();
if (options.only !== 'fanout') await whole();
