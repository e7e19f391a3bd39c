// What one second of live queries costs: 10,000 series at 1 Hz under 200 dashboard queries, each evaluated incrementally and
// by the batch evaluator over the same data in the same run. Build first: npx tsc -b libs/promql
// Usage: node bench/live-eval.mjs [ticks] [instances]
import {
  CommitIndex,
  createLiveQuery,
  createPlan,
  defaultQueryOptions,
  evaluateInstant,
  Labels,
  parseExpr,
} from '@opsroom/promql';

const ticks = Number(process.argv[2] ?? 60);
const instances = Number(process.argv[3] ?? 100);
const WARM_UP_S = 320;
const BATCH_EVERY = 10;

/** Columns by series, an index by metric name and instance: what a store's head is, and no more. */
class Head {
  series = [];
  byName = new Map();

  add(set) {
    const labels = Labels.from(set);
    const ref = this.series.length;
    this.series.push({
      ref,
      bucket: bounds.indexOf(labels.get('le')),
      labels,
      timestamps: new Float64Array(4096),
      values: new Float64Array(4096),
      from: 0,
      to: 0,
    });
    for (const key of [labels.metricName, `${labels.metricName} ${labels.get('instance')}`]) {
      if (!this.byName.has(key)) this.byName.set(key, []);
      this.byName.get(key).push(ref);
    }
  }

  refs(matchers) {
    const name = matchers.find((m) => m.name === '__name__' && m.operator === '=')?.value;
    const instance = matchers.find((m) => m.name === 'instance' && m.operator === '=')?.value;
    const list = this.byName.get(instance === undefined ? name : `${name} ${instance}`) ?? [];
    const rest = matchers.filter((m) => m.name !== '__name__' && m.name !== 'instance');
    if (rest.length === 0) return list;
    return list.filter((ref) => rest.every((m) => m.matches(this.series[ref].labels.get(m.name))));
  }

  labelsOf(ref) {
    return this.series[ref]?.labels;
  }

  *select(matchers, startMs, endMs) {
    for (const ref of this.refs(matchers)) {
      const samples = this.samplesOf(ref, startMs, endMs);
      if (samples !== undefined) yield samples;
    }
  }

  samplesOf(ref, startMs, endMs) {
    const { labels, timestamps, values, from, to } = this.series[ref];
    const first = bound(timestamps, from, to, startMs);
    const last = to > from && timestamps[to - 1] <= endMs ? to : bound(timestamps, first, to, endMs + 1);
    return first < last ? { ref, labels, timestamps, values, from: first, to: last } : undefined;
  }

  view(ref, _startMs, view) {
    const { timestamps, values, from, to } = this.series[ref];
    view.timestamps = timestamps;
    view.values = values;
    view.from = from;
    view.to = to;
    return to > from;
  }

  append(ref, timestampMs, value) {
    const series = this.series[ref];
    if (series.to === series.timestamps.length) {
      series.timestamps.copyWithin(0, 2048);
      series.values.copyWithin(0, 2048);
      series.to -= 2048;
    }
    series.timestamps[series.to] = timestampMs;
    series.values[series.to++] = value;
  }
}

function bound(timestamps, from, to, timeMs) {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timestamps[middle] < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

const modes = ['idle', 'user', 'system', 'iowait', 'irq', 'softirq', 'steal', 'nice'];
const bounds = ['0.005', '0.01', '0.05', '0.1', '0.5', '1', '5', '10', '60', '+Inf'];
const head = new Head();
for (let i = 0; i < instances; i++) {
  const instance = `host-${String(i).padStart(3, '0')}:9100`;
  const job = i % 4 === 0 ? 'db' : 'web';
  const add = (__name__, more = {}) => head.add({ __name__, instance, job, ...more });
  for (let cpu = 0; cpu < 7; cpu++) for (const mode of modes) add('node_cpu_seconds_total', { cpu: `${cpu}`, mode });
  for (const le of bounds) add('http_request_duration_seconds_bucket', { le });
  for (const device of ['eth0', 'eth1', 'lo', 'docker0']) {
    add('node_network_receive_bytes_total', { device });
    add('node_network_transmit_bytes_total', { device });
  }
  for (const device of ['sda', 'sdb', 'sdc', 'sdd']) {
    add('node_disk_io_time_seconds_total', { device });
    add('node_filesystem_avail_bytes', { device });
    add('node_filesystem_size_bytes', { device });
  }
  for (const name of ['MemTotal', 'MemAvailable', 'Buffers', 'Cached']) add(`node_memory_${name}_bytes`);
  for (const name of ['up', 'node_load1', 'node_load5', 'node_procs_running', 'node_time_seconds']) add(name);
  for (const code of ['200', '404', '500', '503', '302']) add('http_requests_total', { code });
}

const perHost = (instance) => [
  ['rate by mode', `sum by (mode) (rate(node_cpu_seconds_total{instance="${instance}"}[1m]))`],
  ['cpu busy', `100 - avg(rate(node_cpu_seconds_total{instance="${instance}",mode="idle"}[5m])) * 100`],
  [
    'memory',
    `1 - node_memory_MemAvailable_bytes{instance="${instance}"} / node_memory_MemTotal_bytes{instance="${instance}"}`,
  ],
  ['network', `rate(node_network_receive_bytes_total{instance="${instance}",device!="lo"}[1m]) * 8`],
  [
    'disk',
    `node_filesystem_avail_bytes{instance="${instance}"} / node_filesystem_size_bytes{instance="${instance}"} < 0.9`,
  ],
  [
    'quantile',
    `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{instance="${instance}"}[5m])))`,
  ],
  ['load', `node_load1{instance="${instance}"}`],
  ['max over time', `max_over_time(node_load1{instance="${instance}"}[5m])`],
  [
    'errors',
    `sum(rate(http_requests_total{instance="${instance}",code=~"5.."}[1m])) / sum(rate(http_requests_total{instance="${instance}"}[1m]))`,
  ],
];
const fleet = [
  ['fleet up', 'count(up == 1) or vector(0)'],
  ['fleet by job', 'sum by (job) (node_load1)'],
  ['fleet rate', 'sum by (job) (rate(http_requests_total[5m]))'],
  ['fleet cpu', '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))'],
  ['fleet top', 'topk(5, sum by (instance) (rate(node_network_receive_bytes_total[5m])))'],
  ['fleet quantile', 'histogram_quantile(0.95, sum by (le, job) (rate(http_request_duration_seconds_bucket[5m])))'],
  ['fleet gauge', 'avg(node_memory_MemAvailable_bytes)'],
  ['fleet old', 'time() - node_time_seconds > 60'],
];
const texts = [...fleet];
for (let i = 0; texts.length < 200; i++) {
  const host = `host-${String(i % instances).padStart(3, '0')}:9100`;
  texts.push(...perHost(host).slice(0, 200 - texts.length));
}

const options = { ...defaultQueryOptions, experimental: true };
const queries = texts.map(([kind, text]) => {
  const plan = createPlan(parseExpr(text), { text });
  return { kind, plan, query: createLiveQuery(plan, head, options), liveNs: 0, batchNs: 0, batches: 0, changed: 0 };
});

const count = head.series.length;
const commit = {
  refs: Uint32Array.from({ length: count }, (_, ref) => ref),
  timestamps: new Float64Array(count),
  count,
  created: [],
};
let nowMs = 1_700_000_000_000;
const levels = Float64Array.from({ length: count }, (_, ref) => ref % 97);
function nextSecond() {
  nowMs += 1000;
  for (let ref = 0; ref < count; ref++) {
    const le = head.series[ref].bucket;
    // Buckets count what is below their bound, so they rise together, the higher ones faster.
    if (le >= 0) levels[ref] += (le + 1) * ((nowMs / 1000) % 3);
    else levels[ref] += (ref * 7919 + nowMs / 1000) % 5 < 2 ? 0 : ((ref + nowMs / 1000) % 11) / 10;
    commit.timestamps[ref] = nowMs - (ref % 400);
    head.append(ref, commit.timestamps[ref], levels[ref]);
  }
}

for (let i = 0; i < WARM_UP_S; i++) nextSecond();
/** CPU time, since the machine may have other work to do. */
const cpuUs = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
const clock = () => process.hrtime.bigint();
const startUs = cpuUs();
for (const { query } of queries) query.evaluateAt(nowMs);
const firstMs = (cpuUs() - startUs) / 1000;
const index = new CommitIndex();
const total = { route: 0, live: 0, batch: 0, batches: 0 };
for (let tick = -20; tick < ticks; tick++) {
  nextSecond();
  const measured = tick >= 0;
  const a = cpuUs();
  index.load(commit);
  for (const { query } of queries) query.onCommit(index);
  const b = cpuUs();
  for (const entry of queries) {
    const from = clock();
    const result = entry.query.evaluateAt(nowMs);
    if (!measured) continue;
    entry.liveNs += Number(clock() - from);
    entry.changed += result.changed.length;
  }
  const c = cpuUs();
  if (!measured) continue;
  total.route += b - a;
  total.live += c - b;
  if (tick % BATCH_EVERY !== 0) continue;
  for (const entry of queries) {
    const from = clock();
    evaluateInstant(entry.plan, head, nowMs, options);
    entry.batchNs += Number(clock() - from);
    entry.batches++;
  }
  total.batch += cpuUs() - c;
  total.batches++;
}

const kinds = new Map();
for (const { kind, liveNs, batchNs, batches, changed } of queries) {
  const sum = kinds.get(kind) ?? { queries: 0, live: 0, batch: 0, changed: 0 };
  sum.queries++;
  sum.live += liveNs / ticks / 1000;
  sum.batch += batchNs / batches / 1000;
  sum.changed += changed / ticks;
  kinds.set(kind, sum);
}
const us = (value) => value.toFixed(value < 100 ? 1 : 0).padStart(9);
console.log(
  `${count} series at 1 Hz, ${queries.length} queries, ${ticks} ticks; first evaluation of all ${firstMs.toFixed(0)} ms`,
);
console.log('kind            queries  live µs  batch µs   ratio  changed rows');
for (const [kind, sum] of kinds) {
  console.log(
    `${kind.padEnd(15)}${String(sum.queries).padStart(8)}${us(sum.live / sum.queries)} ${us(sum.batch / sum.queries)} ` +
      `${(sum.batch / sum.live).toFixed(1).padStart(6)}x ${(sum.changed / sum.queries).toFixed(1).padStart(12)}`,
  );
}
const route = total.route / ticks / 1000;
const live = total.live / ticks / 1000;
const batch = total.batch / total.batches / 1000;
console.log(
  `CPU a tick, all queries: live ${live.toFixed(2)} ms + routing ${route.toFixed(2)} ms, batch ${batch.toFixed(2)} ms; ` +
    `batch / live ${(batch / (live + route)).toFixed(1)}x; ${((live + route) / 10).toFixed(2)} % of a core at one tick a second`,
);
