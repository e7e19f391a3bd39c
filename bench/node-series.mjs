/** Series as twenty-odd node_exporters give them, 500 each, and how their values move. The same on every run. */
const MODES = ['idle', 'user', 'system', 'iowait', 'irq', 'nice', 'softirq', 'steal'];
const DISK = [
  'read_bytes_total',
  'written_bytes_total',
  'reads_completed_total',
  'writes_completed_total',
  'io_time_seconds_total',
  'read_time_seconds_total',
  'write_time_seconds_total',
  'io_now',
];
const NETWORK = [
  'receive_bytes_total',
  'transmit_bytes_total',
  'receive_packets_total',
  'transmit_packets_total',
  'receive_errs_total',
  'transmit_errs_total',
  'receive_drop_total',
  'transmit_drop_total',
  'up',
  'mtu_bytes',
];
const MEMORY = [
  'MemTotal',
  'MemAvailable',
  'MemFree',
  'Buffers',
  'Cached',
  'Active',
  'Inactive',
  'Dirty',
  'SwapTotal',
  'SwapFree',
  'Slab',
  'PageTables',
  'Mapped',
  'Shmem',
  'AnonPages',
  'KernelStack',
];
const PER_HOST = 500;

const range = (count, make) => Array.from({ length: count }, (_, i) => make(i));

function seriesOfHost(host) {
  const base = { instance: `host-${String(host).padStart(2, '0')}:9100`, job: 'node' };
  const named = (name, kind, labels = {}) => ({ labels: { __name__: `node_${name}`, ...base, ...labels }, kind });
  const all = [
    ...range(16, (cpu) =>
      MODES.map((mode) => named('cpu_seconds_total', 'seconds', { cpu: String(cpu), mode })),
    ).flat(),
    ...['load1', 'load5', 'load15'].map((name) => named(name, 'load')),
    ...MEMORY.map((name) => named(`memory_${name}_bytes`, name.endsWith('Total') ? 'constant' : 'pages')),
    ...range(8, (i) =>
      ['avail_bytes', 'size_bytes', 'files_free', 'readonly'].map((name) =>
        named(`filesystem_${name}`, /size|readonly/.test(name) ? 'constant' : 'pages', {
          device: `/dev/sd${i}`,
          mountpoint: `/data/${i}`,
          fstype: 'ext4',
        }),
      ),
    ).flat(),
    ...range(8, (i) =>
      DISK.map((name) => named(`disk_${name}`, name.includes('seconds') ? 'seconds' : 'counter', { device: `sd${i}` })),
    ).flat(),
    ...range(8, (i) =>
      NETWORK.map((name) =>
        named(`network_${name}`, /errs|drop/.test(name) ? 'rare' : /up|mtu/.test(name) ? 'constant' : 'counter', {
          device: `eth${i}`,
        }),
      ),
    ).flat(),
  ];
  const rest = range(PER_HOST - all.length, (i) =>
    named(`other_${i}`, ['constant', 'rare', 'constant', 'counter'][i % 4]),
  );
  return [...all, ...rest];
}

/** `count` series: labels, and a function that moves `values` on by one scrape. */
export function nodeSeries(count) {
  const series = range(Math.ceil(count / PER_HOST), seriesOfHost)
    .flat()
    .slice(0, count);
  let seed = 42;
  const random = () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const values = Float64Array.from(series, () => Math.floor(random() * 1e6));
  const move = {
    seconds: (value) => Math.round((value + random() * 15) * 100) / 100,
    counter: (value) => value + Math.floor(random() * 20_000),
    rare: (value) => value + (random() < 0.02 ? 1 : 0),
    pages: () => 4096 * Math.floor(1e6 + random() * 20_000),
    load: () => Math.round(random() * 400) / 100,
    constant: (value) => value,
  };
  return {
    labels: series.map((one) => one.labels),
    values,
    next: () => series.forEach(({ kind }, i) => (values[i] = move[kind](values[i]))),
  };
}
