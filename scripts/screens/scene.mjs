// What the screenshots show: hosts by remote write, a few hundred alerts of every state, silences, notes and people's acts.
import { encodeLabels, encodeWrite } from '../../bench/remote-write.mjs';

const HOSTS = ['web-1', 'web-2', 'web-10', 'db-1.eu-central.internal.example.org:9100', 'pay.api'];
const MODES = ['idle', 'user', 'system', 'iowait'];
const GIB = 2 ** 30;
export const LONG =
  'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/payments-production-internal-blue/50dc6c495c0c9188';

/** Counters that go on where they were, gauges that wander: [labels, value at a second]. */
function hostSeries(instance, h) {
  const wave = (s, period, phase = 0) => (1 + Math.sin((s / period) * 2 * Math.PI + phase + h)) / 2;
  const of = (name, more = {}) => ({ __name__: name, instance, job: 'node', ...more });
  const busy = (s) => (h === 0 ? 0.9 : 0.25 + 0.3 * wave(s, 90));
  const share = {
    idle: (s) => 1 - busy(s),
    user: (s) => busy(s) * 0.6,
    system: (s) => busy(s) * 0.25,
    iowait: (s) => busy(s) * 0.15,
  };
  const total = new Map();
  const counted = (key, rate) => (s) => {
    const [at, sum] = total.get(key) ?? [s - 1, 1000];
    const next = sum + Math.max(0, s - at) * rate(s);
    total.set(key, [s, next]);
    return next;
  };
  return [
    ...MODES.map((mode) => [of('node_cpu_seconds_total', { cpu: '0', mode }), counted(mode, share[mode])]),
    [of('node_memory_MemTotal_bytes'), () => 8 * GIB],
    [of('node_memory_MemAvailable_bytes'), (s) => (h === 1 ? 0.8 : 3 + wave(s, 200)) * GIB],
    [of('node_memory_Cached_bytes'), () => 1.2 * GIB],
    [of('node_load1'), (s) => busy(s) * 4],
    [of('node_load5'), (s) => 1 + busy(s)],
    [of('node_load15'), () => 1.4],
    [of('node_network_receive_bytes_total', { device: 'eth0' }), counted('rx', (s) => 2e6 * wave(s, 45))],
    [of('node_network_transmit_bytes_total', { device: 'eth0' }), counted('tx', (s) => 8e5 * wave(s, 70, 2))],
    [of('node_disk_read_bytes_total', { device: 'nvme0n1' }), counted('rd', (s) => 3e5 * wave(s, 30))],
    [of('node_disk_written_bytes_total', { device: 'nvme0n1' }), counted('wr', (s) => 9e5 * wave(s, 50, 1))],
    [of('node_filesystem_size_bytes', { device: '/dev/sda1', fstype: 'ext4', mountpoint: '/' }), () => 100 * GIB],
    [
      of('node_filesystem_avail_bytes', { device: '/dev/sda1', fstype: 'ext4', mountpoint: '/' }),
      () => (h === 3 ? 6 : 40) * GIB,
    ],
  ];
}

/** Writes half an hour of history, then goes on once a second until it is stopped. */
export async function feedHosts(url, token) {
  const series = HOSTS.flatMap(hostSeries);
  const labels = series.map(([set]) => encodeLabels(set));
  const write = async (second) => {
    const body = encodeWrite(
      labels,
      series.map(([, at]) => at(second)),
      second * 1000,
    );
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    };
    const answer = await fetch(`${url}/api/v1/write`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`remote write: ${answer.status} ${await answer.text()}`);
  };
  const now = Math.floor(Date.now() / 1000);
  for (let second = now - 1800; second < now; second += 5) await write(second);
  const timer = setInterval(() => void write(Math.floor(Date.now() / 1000)).catch(() => {}), 1000);
  return () => clearInterval(timer);
}

const NAMES = [
  'ProbeDown',
  'HighErrorRate',
  'CertificateExpiresSoon',
  'QueueGrows',
  'ReplicationLag',
  'BackupTooOld',
  'PodCrashLooping',
  'LatencyBudgetBurn',
];
const TEAMS = ['payments', 'platform', 'storage', 'search'];
const SEVERITIES = ['critical', 'warning', 'warning', 'info', 'warning'];

/** Alerts as Prometheus would send them: `many` of them, with names, teams and hosts that repeat. */
export function alertPayload(many) {
  const now = Date.now();
  const alerts = Array.from({ length: many }, (_, i) => ({
    labels: {
      alertname: NAMES[i % NAMES.length],
      severity: SEVERITIES[i % SEVERITIES.length],
      team: TEAMS[(i >> 1) % TEAMS.length],
      instance: `node-${String(i).padStart(3, '0')}.eu:9100`,
      datacentre: i % 11 === 0 ? 'ams-2' : 'fra-1',
      ...(i === 4 && { alertname: 'TargetGroupUnhealthy', severity: 'critical', resource: LONG, instance: LONG }),
    },
    annotations: {
      summary:
        i === 4
          ? `No healthy target behind ${LONG}; the last one was taken out because its health check timed out`
          : `since the deploy of build ${4200 + i}`,
    },
    startsAt: new Date(now - (i * 37_000 + 61_000)).toISOString(),
    generatorURL: 'http://prometheus.example.org/graph',
  }));
  alerts.push({
    labels: {
      alertname: 'DatacentreDown',
      severity: 'critical',
      datacentre: 'ams-2',
      team: 'platform',
      instance: 'ams-2',
    },
    annotations: { summary: 'Both uplinks of ams-2 are down' },
    startsAt: new Date(now - 500_000).toISOString(),
  });
  return alerts;
}

export const resolved = (alerts) => alerts.map((alert) => ({ ...alert, endsAt: new Date().toISOString() }));
