// The built server on a folder of its own, with rule files, routes, receivers, inhibition and mute times.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../steps.mjs';

const HOST_RULES = `groups:
  - name: hosts
    interval: 1s
    rules:
      - alert: HostHighCpu
        expr: 100 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle",job="node"}[10s])) * 100 > 80
        for: 5s
        labels: { severity: critical, team: platform }
        annotations:
          summary: 'CPU of {{ $labels.instance }} at {{ $value | printf "%.0f" }} %'
          runbook_url: https://runbooks.example.org/host-high-cpu
      - alert: DiskFilling
        expr: 100 - 100 * node_filesystem_avail_bytes{job="node"} / node_filesystem_size_bytes{job="node"} > 90
        labels: { severity: warning, team: storage }
        annotations: { summary: 'full in about 6 h' }
      - alert: MemoryLow
        expr: 100 * node_memory_MemAvailable_bytes{job="node"} / node_memory_MemTotal_bytes{job="node"} < 12
        for: 30m
        labels: { severity: warning, team: platform }
      - record: instance:node_cpu:ratio
        expr: 1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[1m]))
  - name: many to one
    rules:
      - alert: BrokenJoin
        expr: node_load1 * on (job) node_load5 > 0
        labels: { severity: warning }
`;
const SHOP_RULES = `groups:
  - name: payments
    interval: 15s
    rules:
      - alert: PaymentLatencyHigh
        expr: histogram_quantile(0.99, sum by (le, instance) (rate(http_request_duration_seconds_bucket{job="payments"}[5m]))) > 0.8
        for: 2m
        labels: { severity: critical, team: payments }
        annotations: { summary: 'p99 at {{ $value | humanizeDuration }}' }
      - alert: PaymentQueueStuck
        expr: absent(payment_queue_length{queue="settlements"})
        for: 10m
        labels: { severity: warning, team: payments }
`;
const config = (folder) => `rule_files: ['${folder}/rules/*.yml']
global: { resolve_timeout: 30m }
route:
  receiver: on-call
  group_by: [alertname, team]
  group_wait: 1s
  group_interval: 10s
  repeat_interval: 4h
  routes:
    - { receiver: payments, matchers: ['team="payments"'], continue: true }
    - receiver: quiet hours
      matchers: ['severity=~"info|warning"']
      mute_time_intervals: [nights]
      routes: [{ receiver: storage, matchers: ['team="storage"'], group_by: [instance] }]
receivers:
  - name: on-call
    webhook_configs: [{ url: 'http://127.0.0.1:9/hook', max_alerts: 50 }]
  - name: payments
    slack_configs: [{ api_url: 'http://127.0.0.1:9/slack', channel: '#payments-on-call' }]
  - name: storage
    email_configs: [{ to: storage@example.org, from: opsroom@example.org, smarthost: '127.0.0.1:9', require_tls: false }]
  - name: quiet hours
inhibit_rules:
  - source_matchers: ['alertname="DatacentreDown"']
    target_matchers: ['severity=~"warning|info"']
    equal: [datacentre]
time_intervals:
  - name: nights
    time_intervals: [{ times: [{ start_time: '00:00', end_time: '24:00' }] }]
`;

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

/** Starts the server; `bare`: without configuration, as on the first day. */
export async function startServer({ bare = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'opsroom-screens-'));
  const port = await freePort();
  const args = ['--port', String(port), '--data', join(folder, 'data')];
  if (!bare) {
    mkdirSync(join(folder, 'rules'));
    writeFileSync(join(folder, 'rules', 'hosts.yml'), HOST_RULES);
    writeFileSync(join(folder, 'rules', 'payments.yml'), SHOP_RULES);
    writeFileSync(join(folder, 'opsroom.yml'), config(folder));
    args.push('--config', join(folder, 'opsroom.yml'), '--storage.out-of-order-window', '1h');
  }
  let child;
  let output = '';
  const url = `http://127.0.0.1:${port}`;
  const end = (signal) =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', resolve);
      child.kill(signal);
    });
  async function start() {
    child = spawn(process.execPath, ['--no-warnings', join(root, 'apps/api/dist/main.js'), ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the server ended:\n${output}`);
      if (
        await fetch(`${url}/-/ready`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        return;
      await sleep(50);
    }
  }
  await start();
  return {
    url,
    setupToken: () => /setup\?token=([\w-]+)/.exec(output)?.[1] ?? '',
    start,
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
