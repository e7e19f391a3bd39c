// From a sample that crosses a threshold to the alert on a screen: the built server, rules evaluated every second, other load beside it.
//   node bench/rules-latency.mjs [--rounds 60] [--series 10000] [--port 21700]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { io } from 'socket.io-client';
import { head, here, line, ready, Sender, sleep, verdict } from './live-kit.mjs';
import { WriteTemplate } from './write-template.mjs';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '60' },
    series: { type: 'string', default: '10000' },
    port: { type: 'string', default: '21700' },
  },
});
const url = `http://127.0.0.1:${flags.port}`;
const folder = mkdtempSync(join(tmpdir(), 'opsroom-bench-'));
const others = Array.from(
  { length: 200 },
  (_, i) => `  - {alert: Other${i}, expr: 'rate(bench_${i % 100}[30s]) > 1e9'}`,
);
writeFileSync(
  join(folder, 'rules.yml'),
  `groups:\n- name: crossing\n  interval: 1s\n  rules:\n  - {alert: Crossed, expr: crossing > 0}\n- name: others\n  interval: 1s\n  rules:\n${others.join('\n')}\n`,
);
writeFileSync(join(folder, 'opsroom.yml'), 'rule_files: [rules.yml]\naccounts: {anonymous: administrator}\n');
const server = spawn(
  process.execPath,
  [here('../apps/api/dist/main.js'), '--port', flags.port, '--data', join(folder, 'data'), '--config', join(folder, 'opsroom.yml')],
  { stdio: ['ignore', 'ignore', 'inherit'] },
); // prettier-ignore
try {
  await ready(url);
  const sender = new Sender([url], Number(flags.series));
  const socket = io(`${url}/alerts`, { transports: ['websocket'] });
  const waiting = new Map();
  socket.on('topic:frame', ({ changed = [] }) => {
    for (const { labels, condition } of changed) if (condition === 'firing') waiting.get(labels.instance)?.();
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  await socket.emitWithAck('topic:subscribe', { matchers: [{ name: 'alertname', operator: '=', value: 'Crossed' }] });
  await sleep(5000);
  const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' };
  const times = [];
  for (let i = 0; i < Number(flags.rounds); i++) {
    const template = new WriteTemplate([{ __name__: 'crossing', instance: `i${i}` }]);
    const seen = new Promise((resolve) => waiting.set(`i${i}`, resolve));
    const since = performance.now();
    await fetch(`${url}/api/v1/write`, { method: 'POST', body: template.fill([1], Date.now()), headers });
    await seen;
    times.push(performance.now() - since);
    await sleep(100 + Math.random() * 300);
  }
  sender.stop();
  socket.disconnect();
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  head(`A threshold crossed, beside 200 other rules over ${flags.series} series at 1 Hz, ${times.length} times`);
  line('sample sent → alert on the screen, p50 / p95, ms', `${at(0.5).toFixed(0)} / ${at(0.95).toFixed(0)}`);
  verdict('sample sent → alert on the screen, p99', at(0.99), 1000, { digits: 0, unit: ' ms' });
} finally {
  server.kill('SIGTERM');
  await new Promise((resolve) => server.once('exit', resolve));
  rmSync(folder, { recursive: true });
}
