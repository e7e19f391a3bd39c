import { firstValueFrom } from 'rxjs';
import { SystemClock } from '../../apps/api/src/model/clock.js';
import { hostBatches } from '../../apps/api/src/sources/host/host-source.js';
import { freePort } from '../support/free-port.fixture.js';
import { Peer } from '../support/peer.fixture.js';

/** Samples of the text format: `name{labels}` as printed, to the value. Label order is alphabetical there as here. */
function parse(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    const match = /^(node_[^ ]*(?:\{.*\})?) ([^ ]+)$/.exec(line);
    if (match) samples.set(match[1], Number(match[2]));
  }
  return samples;
}

async function ours(): Promise<Map<string, number>> {
  const batch = await firstValueFrom(hostBatches(new SystemClock(), { intervalMs: 100, instance: 'here' }));
  return new Map(
    batch.series.map((labels, i) => {
      const { __name__: name, job: _job, instance: _instance, ...own } = labels.toObject();
      const printed = Object.entries(own).map(([label, value]) => `${label}="${value}"`);
      return [printed.length > 0 ? `${name}{${printed.join(',')}}` : name, batch.values[i]];
    }),
  );
}

describe('the host source beside a real node_exporter', () => {
  let theirs: Map<string, number>;
  let mine: Map<string, number>;

  beforeAll(async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const peer = await Peer.start(
      'prometheus-node-exporter',
      [`--web.listen-address=127.0.0.1:${port}`],
      url,
      '/metrics',
    );
    try {
      theirs = parse(await (await fetch(`${url}/metrics`)).text());
      mine = await ours();
    } finally {
      await peer.stop();
    }
  }, 30_000);

  const families = [
    'cpu_seconds_total',
    'cpu_guest_seconds_total',
    'memory_',
    'disk_(read|writ|io)',
    'network_(receive|transmit)_\\w+_total',
  ];
  it.each([...families, 'load', 'vmstat_', 'netstat_', 'boot_time', 'filefd_', 'procs_'])(
    'has every series of node_%s, under the same name and labels',
    (family) => {
      const pattern = new RegExp(`^node_${family}`);
      // Newer kernels and exporters know counters that the other does not: what node_exporter leaves out by its own rules is named here.
      const expected = [...theirs.keys()].filter((key) => pattern.test(key) && !/nohandler|zram/.test(key));
      expect(expected.length).toBeGreaterThan(0);
      expect(expected.filter((key) => !mine.has(key))).toEqual([]);
    },
  );

  it.each([
    ['node_memory_MemTotal_bytes', 0],
    ['node_boot_time_seconds', 1],
    ['node_filefd_maximum', 0],
    ['node_cpu_seconds_total{cpu="0",mode="user"}', 30],
  ])('agrees on %s to within %d', (series, tolerance) => {
    expect(Math.abs((mine.get(series) ?? NaN) - (theirs.get(series) ?? NaN))).toBeLessThanOrEqual(tolerance);
  });
});
