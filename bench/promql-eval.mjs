// Range and instant queries of a node dashboard over series in memory; with --prometheus the same queries over the same
// samples in Debian's Prometheus beside it, and the ratio of the two. Needs `npm run build`.
//   node bench/promql-eval.mjs [--series 10000] [--hours 6] [--runs 3] [--prometheus] [--only TEXT]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: flags } = parseArgs({
  options: {
    series: { type: 'string', default: '10000' },
    hours: { type: 'string', default: '6' },
    runs: { type: 'string', default: '3' },
    prometheus: { type: 'boolean', default: false },
    port: { type: 'string', default: '21190' },
    only: { type: 'string', default: '' },
    dist: { type: 'string', default: '../libs/promql/dist/index.js' },
  },
});
const { createPlan, defaultQueryOptions, evaluateInstant, evaluateRange, Labels, parseExpr } = await import(flags.dist);

const STEP = 15_000;
const startMs = Math.floor(Date.now() / STEP) * STEP - Number(flags.hours) * 3_600_000;
const samples = (Number(flags.hours) * 3_600_000) / STEP;
// Off the edges of windows: Prometheus 2 counts a sample at a window's very start, Prometheus 3 does not.
const phaseMs = 4_000;

/** As many hosts as make up the number, each with 100 series of node_exporter. */
function* describe() {
  const hosts = Math.ceil(Number(flags.series) / 100);
  for (let host = 0; host < hosts; host++) {
    const base = { instance: `host-${String(host).padStart(4, '0')}:9100`, job: 'node', zone: `zone-${host % 4}` };
    for (let cpu = 0; cpu < 8; cpu++) {
      for (const mode of ['user', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal', 'nice']) {
        yield { labels: { __name__: 'node_cpu_seconds_total', cpu: String(cpu), mode, ...base }, counter: true };
      }
    }
    for (const name of ['MemTotal', 'MemAvailable', 'MemFree', 'Cached']) {
      yield { labels: { __name__: `node_memory_${name}_bytes`, ...base }, counter: false };
    }
    for (const device of ['eth0', 'eth1', 'lo', 'docker0']) {
      for (const name of ['receive_bytes', 'transmit_bytes', 'receive_errs']) {
        yield { labels: { __name__: `node_network_${name}_total`, device, ...base }, counter: true };
      }
    }
    for (const name of ['node_load1', 'node_load5']) yield { labels: { __name__: name, ...base }, counter: false };
    for (const mountpoint of ['/', '/boot', '/var', '/home']) {
      yield { labels: { __name__: 'node_filesystem_avail_bytes', mountpoint, ...base }, counter: false };
    }
    for (const le of [
      '0.005',
      '0.01',
      '0.025',
      '0.05',
      '0.1',
      '0.25',
      '0.5',
      '1',
      '2.5',
      '5',
      '10',
      '20',
      '40',
      '+Inf',
    ]) {
      yield { labels: { __name__: 'http_request_duration_seconds_bucket', le, ...base }, counter: true };
    }
  }
}

let seed = 42;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
const timestamps = Float64Array.from({ length: samples }, (_, i) => startMs + phaseMs + i * STEP);
const all = [];
const byName = new Map();
for (const { labels, counter } of describe()) {
  const values = new Float64Array(samples);
  const growth = labels.le === undefined ? random() * 20 : 10 * Number(labels.le.replace('+Inf', '80')) ** 0.3;
  let value = counter ? 0 : random() * 1000;
  for (let i = 0; i < samples; i++) {
    value = counter ? value + Math.floor(growth * (0.5 + random())) : Math.max(0, value + random() - 0.5);
    values[i] = value;
  }
  const series = { ref: all.length, labels: Labels.from(labels), timestamps, values };
  all.push(series);
  const same = byName.get(labels.__name__);
  if (same === undefined) byName.set(labels.__name__, [series]);
  else same.push(series);
}

const indexAfter = (timeMs) => {
  let low = 0;
  let high = samples;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timestamps[middle] < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
};
const queryable = {
  *select(matchers, fromMs, toMs) {
    const name = matchers.find((matcher) => matcher.name === '__name__' && matcher.operator === '=');
    const rest = matchers.filter((matcher) => matcher !== name);
    const from = indexAfter(fromMs);
    const to = indexAfter(toMs + 1);
    for (const series of name === undefined ? all : (byName.get(name.value) ?? [])) {
      if (rest.every((matcher) => matcher.matches(series.labels.get(matcher.name)))) yield { ...series, from, to };
    }
  },
};

const queries = [
  'sum by (mode) (rate(node_cpu_seconds_total[5m]))',
  '100 * (1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])))',
  'sum by (instance) (irate(node_cpu_seconds_total{mode!="idle"}[1m]))',
  '100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)',
  'node_load1{instance="host-0001:9100"}',
  'topk(5, node_load1)',
  'sum by (instance, device) (rate(node_network_receive_bytes_total{device!="lo"}[5m]))',
  'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))',
  'histogram_quantile(0.99, sum by (instance, le) (rate(http_request_duration_seconds_bucket[5m])))',
  'avg_over_time(node_load5[1h])',
  'max_over_time(node_load1[30m])',
  'predict_linear(node_filesystem_avail_bytes{mountpoint="/"}[1h], 14400) < 0',
  'quantile by (zone) (0.9, node_load1)',
  'sum(node_memory_MemFree_bytes + node_memory_Cached_bytes) by (zone)',
  'max_over_time(sum by (zone) (rate(node_network_transmit_bytes_total[5m]))[1h:5m])',
  'node_cpu_seconds_total',
  'count by (job) (node_cpu_seconds_total)',
].filter((text) => text.includes(flags.only));

const endMs = startMs + samples * STEP;
const rangeStep = 60_000;
const options = { ...defaultQueryOptions, limits: { ...defaultQueryOptions.limits, maxSamples: 200_000_000 } };

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];
function time(run) {
  run();
  const times = [];
  for (let i = 0; i < Number(flags.runs); i++) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
  }
  return median(times);
}
async function timeAsync(run) {
  await run();
  const times = [];
  for (let i = 0; i < Number(flags.runs); i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return median(times);
}

// ------------------------------------------------------------------------------------------------ Prometheus beside it
function varint(out, value) {
  let rest = value;
  while (rest > 127) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
}
const utf8 = new TextEncoder();
function field(out, number, bytes) {
  out.push((number << 3) | 2);
  varint(out, bytes.length);
  for (const byte of bytes) out.push(byte);
}
function encodeSeries(series, from, to) {
  const out = [];
  for (let i = 0; i < series.labels.names.length; i++) {
    const pair = [];
    field(pair, 1, utf8.encode(series.labels.names[i]));
    field(pair, 2, utf8.encode(series.labels.values[i]));
    field(out, 1, pair);
  }
  const sample = Buffer.alloc(8);
  for (let i = from; i < to; i++) {
    const one = [9];
    sample.writeDoubleLE(series.values[i]);
    one.push(...sample, 16);
    varint(one, timestamps[i]);
    field(out, 2, one);
  }
  return out;
}
/** A snappy block of literals only. */
function snappy(bytes) {
  const head = [];
  varint(head, bytes.length);
  const parts = [Buffer.from(head)];
  for (let at = 0; at < bytes.length; at += 65_536) {
    const part = bytes.subarray(at, at + 65_536);
    parts.push(Buffer.from([61 << 2, (part.length - 1) & 255, (part.length - 1) >> 8]), part);
  }
  return Buffer.concat(parts);
}

async function startPrometheus() {
  const folder = mkdtempSync(join(tmpdir(), 'promql-eval-'));
  writeFileSync(join(folder, 'prometheus.yml'), 'global: {}\n');
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${flags.port}`,
      '--web.enable-remote-write-receiver',
      '--query.max-samples=200000000',
    ],
    { stdio: 'ignore' },
  );
  const base = `http://127.0.0.1:${flags.port}`;
  const stop = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  for (let i = 0; ; i++) {
    if (i > 200) throw new Error('Prometheus does not start');
    try {
      if ((await fetch(`${base}/-/ready`)).ok) break;
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // An hour at a time for some series together: samples of a series have to come in order.
  for (let from = 0; from < samples; from += 240) {
    for (let at = 0; at < all.length; at += 200) {
      const body = [];
      for (const series of all.slice(at, at + 200))
        field(body, 1, encodeSeries(series, from, Math.min(samples, from + 240)));
      const reply = await fetch(`${base}/api/v1/write`, {
        method: 'POST',
        headers: { 'content-encoding': 'snappy', 'content-type': 'application/x-protobuf' },
        body: snappy(Buffer.from(body)),
      });
      if (!reply.ok) throw new Error(`remote write: ${reply.status} ${await reply.text()}`);
    }
  }
  return { base, stop };
}

async function ask(url) {
  const reply = await fetch(url);
  if (!reply.ok) throw new Error(await reply.text());
  await reply.arrayBuffer();
}

const prometheus = flags.prometheus ? await startPrometheus() : undefined;
console.log(
  `${all.length} series, ${samples} samples each; range: ${flags.hours} h at ${rangeStep / 1000} s; medians of ${flags.runs}`,
);
try {
  for (const text of queries) {
    const plan = createPlan(parseExpr(text), { text });
    const range = { startMs: startMs + rangeStep, endMs: endMs - rangeStep, stepMs: rangeStep };
    const atMs = endMs - rangeStep;
    let series = 0;
    const own = time(() => {
      series = evaluateRange(plan, queryable, range, options).series?.length ?? 1;
    });
    const ownInstant = time(() => evaluateInstant(plan, queryable, atMs, options));
    let beside = '';
    if (prometheus !== undefined) {
      const query = encodeURIComponent(text);
      const theirs = await timeAsync(() =>
        ask(
          `${prometheus.base}/api/v1/query_range?query=${query}&start=${range.startMs / 1000}&end=${range.endMs / 1000}&step=${rangeStep / 1000}`,
        ),
      );
      const theirsInstant = await timeAsync(() =>
        ask(`${prometheus.base}/api/v1/query?query=${query}&time=${atMs / 1000}`),
      );
      beside = `   Prometheus ${theirs.toFixed(0).padStart(6)} ms, ${theirsInstant.toFixed(1).padStart(6)} ms   ratio ${(own / theirs).toFixed(2)}, ${(ownInstant / theirsInstant).toFixed(2)}`;
    }
    console.log(
      `${own.toFixed(0).padStart(6)} ms, instant ${ownInstant.toFixed(1).padStart(6)} ms${beside}   ${String(series).padStart(5)} series   ${text}`,
    );
  }
} finally {
  prometheus?.stop();
}
