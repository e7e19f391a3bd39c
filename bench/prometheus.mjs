// The built server beside Debian's Prometheus, in one run on the same data: ingest by remote write, disk, memory, dashboards' queries.
// Needs `npm run build` and a `prometheus` on the PATH.
//   node bench/prometheus.mjs [--series 10000] [--hours 6] [--rounds 15] [--port 21900]
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bodyOf, KeepAlive } from './keep-alive.mjs';
import { nodeSeries } from './node-series.mjs';
import { WriteTemplate } from './write-template.mjs';

const { values: flags } = parseArgs({
  options: {
    series: { type: 'string', default: '10000' },
    hours: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '15' },
    port: { type: 'string', default: '21900' },
  },
});
const SERIES = Number(flags.series);
const HOURS = Number(flags.hours);
const ROUNDS = Number(flags.rounds);
/** Small answers are asked for more often, as long as this takes. */
const MOST_ROUNDS = 1000;
const MOST_MS = 2000;
/** Requests before those that count: caches are as warm as a dashboard's that asks every few seconds. */
const WARMING = 5;
const STEP_MS = 15_000;
/** Prometheus's `max_samples_per_send` of today. */
const PER_REQUEST = 2000;
const endMs = Math.floor(Date.now() / STEP_MS) * STEP_MS;
const startMs = endMs - HOURS * 3_600_000;
const samples = SERIES * Math.floor((endMs - startMs) / STEP_MS);
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

class Server {
  constructor(name, port, start) {
    this.name = name;
    this.port = port;
    this.folder = mkdtempSync(join(tmpdir(), `bench-${name.toLowerCase()}-`));
    const [program, ...args] = start(this);
    this.child = spawn(program, args, { stdio: 'ignore' });
    this.agent = new Agent({ keepAlive: true, maxSockets: 8 });
  }

  send(method, path, headers = {}, body = undefined) {
    const { port, agent } = this;
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, agent, method, path, headers }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(parts) }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  async ready() {
    for (let i = 0; i < 600; i++) {
      const status = await this.send('GET', '/-/ready').then((reply) => reply.status, () => 0); // prettier-ignore
      if (status === 200) return;
      await wait(100);
    }
    throw new Error(`${this.name} does not get ready`);
  }

  /** Of all its threads, in ms, in hundredths of a second. */
  cpuMs() {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }

  memory(key) {
    return (
      Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'))[1]) * 1024
    );
  }

  stop() {
    return new Promise((resolve) => {
      this.child.once('exit', resolve);
      this.child.kill('SIGTERM');
    });
  }
}

/** Files that vanish meanwhile count as nothing. */
function bytesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (total, entry) => total + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
}

/** Waits until what a server does in the background makes its folder no smaller: sealing and compaction. */
async function settled({ folder }) {
  let [least, rounds] = [Infinity, 0];
  for (let i = 0; i < 60 && rounds < 8; i++, rounds++) {
    const bytes = bytesIn(folder);
    if (bytes < least * 0.99) [least, rounds] = [bytes, 0];
    await wait(2000);
  }
}

async function ingest(server) {
  const { labels, values, next } = nodeSeries(SERIES);
  const shards = [];
  for (let at = 0; at < SERIES; at += PER_REQUEST) {
    shards.push({ at, template: new WriteTemplate(labels.slice(at, at + PER_REQUEST)) });
  }
  const headers = { 'content-encoding': 'snappy', 'content-type': 'application/x-protobuf' };
  const cpuSince = server.cpuMs();
  let waitedMs = 0;
  for (let timeMs = startMs; timeMs < endMs; timeMs += STEP_MS) {
    next();
    const bodies = shards.map(({ at, template }) => template.fill(values.subarray(at, at + PER_REQUEST), timeMs));
    const since = performance.now();
    const replies = await Promise.all(
      bodies.map((body) => server.send('POST', '/api/v1/write', { ...headers, 'content-length': body.length }, body)),
    );
    waitedMs += performance.now() - since;
    const refused = replies.find(({ status }) => status !== 204);
    if (refused) throw new Error(`${server.name} refused: ${refused.status} ${refused.body.toString()}`);
  }
  return { perSecond: (samples / waitedMs) * 1000, cpuUs: ((server.cpuMs() - cpuSince) * 1000) / samples };
}

const HOST = '{instance="host-03:9100"}';
const IDLE = '100 - 100 * avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))';
const MEMORY = 'node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes';
const instant = [
  ['load of all hosts', 'node_load1'],
  ['CPU use by host', IDLE],
  ['CPU by mode', 'sum by (mode) (rate(node_cpu_seconds_total[5m]))'],
  ['memory left', MEMORY],
  ['busiest interfaces', 'topk(5, rate(node_network_receive_bytes_total[5m]))'],
  ['disks full in 4 h', 'predict_linear(node_filesystem_avail_bytes[1h], 14400) < 0'],
];
const overTime = [
  ['CPU of a host by mode, 1 h', `sum by (mode) (rate(node_cpu_seconds_total${HOST}[5m]))`, 1, 15],
  ['CPU use by host, 1 h', IDLE, 1, 15],
  ['network of a host, 1 h', `rate(node_network_receive_bytes_total${HOST}[5m]) * 8`, 1, 15],
  ['memory left, 1 h', MEMORY, 1, 15],
  ['load of all hosts, 6 h', 'node_load1', HOURS, 60],
  ['CPU by host, 6 h', 'sum by (instance) (rate(node_cpu_seconds_total{mode!="idle"}[5m]))', HOURS, 60],
  ['disk time by host, 6 h', 'max by (instance) (rate(node_disk_io_time_seconds_total[5m]))', HOURS, 60],
];
const reading = ['1 h × 10 series', `node_load1{instance=~"host-0[0-9]:9100"}[1h]`];

const lastSecond = (endMs - STEP_MS) / 1000;
const instantPath = (query) => `/api/v1/query?${new URLSearchParams({ query, time: String(lastSecond) })}`;
const rangePath = (query, hours, step) =>
  `/api/v1/query_range?${new URLSearchParams({ query, start: String(lastSecond - hours * 3600), end: String(lastSecond), step: String(step) })}`;

/** Median latencies in ms, asked in turns so that noise meets both. */
async function latencies(servers, path) {
  const times = servers.map(() => []);
  const clients = servers.map((server) => new KeepAlive(server.port));
  const found = [];
  const untilMs = performance.now() + MOST_MS;
  for (let round = -WARMING; round < ROUNDS || (round < MOST_ROUNDS && performance.now() < untilMs); round++) {
    for (const [i, client] of clients.entries()) {
      const since = performance.now();
      const answer = await client.get(path);
      if (round >= 0) times[i].push(performance.now() - since);
      if (answer.status !== 200) throw new Error(`${servers[i].name}: ${bodyOf(answer).slice(0, 300)}`);
      if (round === 0) found.push(JSON.parse(bodyOf(answer)).data.result.length);
    }
  }
  for (const client of clients) client.close();
  if (new Set(found).size > 1) throw new Error(`${path}: ${found.join(' and ')} series`);
  return times.map(median);
}

const port = Number(flags.port);
const opsroom = new Server('Opsroom', port, (self) => [
  process.execPath, '--no-warnings', new URL('../apps/api/dist/main.js', import.meta.url).pathname,
  '--port', String(self.port), '--data', self.folder, '--accounts.anonymous', 'administrator',
]); // prettier-ignore
const prometheus = new Server('Prometheus', port + 1, (self) => {
  writeFileSync(join(self.folder, 'prometheus.yml'), 'global: {}\n');
  const data = `--storage.tsdb.path=${join(self.folder, 'data')}`;
  const address = `--web.listen-address=127.0.0.1:${self.port}`;
  return ['prometheus', `--config.file=${join(self.folder, 'prometheus.yml')}`, data, address, '--web.enable-remote-write-receiver', '--web.enable-admin-api']; // prettier-ignore
});
const servers = [opsroom, prometheus];
const rows = [];
const row = (what, ours, theirs, ratio, target = '') => rows.push([what, ours, theirs, ratio.toFixed(2), target]);
const timed = (what, [ours, theirs], target) => {
  row(what, `${ours.toFixed(2)} ms`, `${theirs.toFixed(2)} ms`, ours / theirs, target);
  return ours / theirs;
};
const mean = (ratios) => Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);

try {
  await Promise.all(servers.map((server) => server.ready()));
  const [ours, theirs] = [await ingest(opsroom), await ingest(prometheus)];
  const thousands = (value) => `${Math.round(value / 1000)} k/s`;
  row(
    'remote write, samples',
    thousands(ours.perSecond),
    thousands(theirs.perSecond),
    ours.perSecond / theirs.perSecond,
  );
  row('remote write, CPU a sample', `${ours.cpuUs.toFixed(2)} µs`, `${theirs.cpuUs.toFixed(2)} µs`, ours.cpuUs / theirs.cpuUs, '≤ 0.5'); // prettier-ignore
  row('memory after ingest', ...servers.map((one) => mib(one.memory('VmRSS'))), opsroom.memory('VmRSS') / prometheus.memory('VmRSS')); // prettier-ignore
  const ratios = { instant: [], range: [] };
  for (const [what, query] of instant) ratios.instant.push(timed(`instant: ${what}`, await latencies(servers, instantPath(query)))); // prettier-ignore
  row('instant queries, mean ratio', '', '', mean(ratios.instant), '≤ 1.5');
  for (const [what, query, hours, step] of overTime) ratios.range.push(timed(`range: ${what}`, await latencies(servers, rangePath(query, hours, step)))); // prettier-ignore
  row('range queries, mean ratio', '', '', mean(ratios.range), '≤ 1.5');
  timed(`reading ${reading[0]}`, await latencies(servers, instantPath(reading[1])), '≤ 0.5');
  row('memory after queries', ...servers.map((one) => mib(one.memory('VmRSS'))), opsroom.memory('VmRSS') / prometheus.memory('VmRSS')); // prettier-ignore
  await settled(opsroom);
  // A snapshot is what Prometheus's data are once all is compacted; its write-ahead log is left out.
  await prometheus.send('POST', '/api/v1/admin/tsdb/snapshot');
  const snapshot = bytesIn(join(prometheus.folder, 'data/snapshots'));
  await Promise.all(servers.map((server) => server.stop()));
  const own = bytesIn(opsroom.folder);
  const sealed = statSync(join(opsroom.folder, 'samples.db')).size;
  const perSample = (bytes) => `${(bytes / samples).toFixed(2)} B`;
  row(
    'disk a sample, sealed; Prometheus without its log',
    perSample(sealed),
    perSample(snapshot),
    sealed / snapshot,
    '≤ 0.9 B of node_exporter',
  );
  row('disk a sample, with the logs', perSample(own), perSample(bytesIn(join(prometheus.folder, 'data')) - snapshot), own / (bytesIn(join(prometheus.folder, 'data')) - snapshot)); // prettier-ignore
} finally {
  for (const server of servers) {
    server.child.kill('SIGKILL');
    rmSync(server.folder, { recursive: true, force: true });
  }
}
console.log(
  `${SERIES} series, ${HOURS} h at 15 s (${samples} samples), ${availableParallelism()} cores, Node ${process.versions.node}\n`,
);
console.log('| | Opsroom | Prometheus | ratio | target |\n|---|---|---|---|---|');
for (const cells of rows) console.log(`| ${cells.join(' | ')} |`);
