// Alerts with many of them and many screens: a storm that fires within a second, single acknowledgements, a thousand at once.
// The server is the built one, in a process of its own; so are the screens. Needs `npm run build`.
//   node bench/alerts.mjs [--alerts 10000] [--screens 100] [--acks 100] [--port 21400]
import { fork, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { io } from 'socket.io-client';

const { values: flags } = parseArgs({
  options: {
    alerts: { type: 'string', default: '10000' },
    screens: { type: 'string', default: '100' },
    acks: { type: 'string', default: '100' },
    port: { type: 'string', default: '21400' },
    url: { type: 'string' },
  },
});
const ALERTS = Number(flags.alerts);
const SCREENS = Number(flags.screens);
const url = flags.url ?? `http://127.0.0.1:${flags.port}`;
/** Ms since 1970 with fractions, the same in both processes. */
const now = () => performance.timeOrigin + performance.now();
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const options = { transports: ['websocket'], forceNew: true };
const percentile = (values, p) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor((values.length * p) / 100))];
const ms = (value) => `${value.toFixed(1)} ms`;

if (process.send) await screens();
else await bench();

/** The other process: every screen keeps what its topic shows; it tells when all have what the parent asks for. */
async function screens() {
  const open = [];
  let goal;
  const check = () => {
    if (!goal) return;
    const reached = (screen) =>
      goal.kind === 'firing'
        ? screen.firing.size === goal.count
        : goal.fingerprints.every((f) => screen.acknowledged.has(f));
    if (!open.every(reached)) return;
    process.send({ kind: 'reached', id: goal.id, atMs: now(), frames: open[0].frames });
    goal = undefined;
  };
  for (let i = 0; i < SCREENS; i++) {
    const socket = io(`${url}/alerts`, options);
    const screen = { firing: new Set(), acknowledged: new Set(), frames: 0 };
    const show = (view) => {
      if (view.condition === 'firing') screen.firing.add(view.fingerprint);
      else screen.firing.delete(view.fingerprint);
      if (view.acknowledgement) screen.acknowledged.add(view.fingerprint);
      else screen.acknowledged.delete(view.fingerprint);
    };
    socket.on('topic:frame', (frame) => {
      screen.frames++;
      (frame.kind === 'snapshot' ? frame.alerts : frame.changed).forEach(show);
      check();
    });
    await socket.timeout(60_000).emitWithAck('topic:subscribe', { matchers: [] });
    open.push(screen);
  }
  process.on('message', (message) => {
    goal = message;
    process.send({ kind: 'armed', id: goal.id });
    check();
  });
  process.on('disconnect', () => process.exit(0));
  process.send({ kind: 'ready' });
}

async function bench() {
  const folder = mkdtempSync(join(tmpdir(), 'opsroom-bench-'));
  writeFileSync(join(folder, 'opsroom.yml'), `rule_files: [none-*.yml]\n`);
  const server = flags.url === undefined ? await startServer(folder) : undefined;
  const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2));
  child.once('exit', (code) => code && process.exit(code));
  const told = async (match) =>
    new Promise((resolve) => {
      const listen = (message) => {
        if (!match(message)) return;
        child.off('message', listen);
        resolve(message);
      };
      child.on('message', listen);
    });
  /** Says what every screen must show and gives a promise of when the last one did. */
  const arm = async (goal) => {
    const id = randomUUID();
    const armed = told((m) => m.kind === 'armed' && m.id === id);
    const reached = told((m) => m.kind === 'reached' && m.id === id);
    child.send({ ...goal, id });
    await armed;
    return { reached };
  };
  try {
    await told((m) => m.kind === 'ready');
    console.log(`${ALERTS} alerts, ${SCREENS} screens that show all of them`);

    const cpu = server ? cpuSeconds(server.pid) : 0;
    const complete = (await arm({ kind: 'firing', count: ALERTS })).reached;
    const startedMs = now();
    const chunk = 1_000;
    const posts = Array.from({ length: Math.ceil(ALERTS / chunk) }, (_, i) =>
      post(i * chunk, Math.min(ALERTS, (i + 1) * chunk)),
    );
    await Promise.all(posts);
    const storedMs = now();
    const { atMs, frames } = await complete;
    console.log(
      `storm: received and durable after ${ms(storedMs - startedMs)}, on every screen after ${ms(atMs - startedMs)}, in ${frames - 1} frames each`,
    );
    if (server) console.log(`storm: ${(cpuSeconds(server.pid) - cpu).toFixed(2)} s of the server's processor`);

    const driver = io(`${url}/alerts`, options);
    const { alerts } = await new Promise((resolve) => {
      driver.once('topic:frame', resolve);
      driver.emit('topic:subscribe', { matchers: [] }, () => undefined);
    });
    driver.off('topic:frame');
    const refs = alerts.map(({ fingerprint, episode }) => ({ fingerprint, episode }));
    const subscribed = await timed(() =>
      driver
        .timeout(10_000)
        .emitWithAck('topic:subscribe', { matchers: [{ name: 'instance', operator: '=', value: 'host-7' }] }),
    );
    console.log(`watching one instance among them: reply after ${ms(subscribed)}`);

    const replies = [];
    const shown = [];
    for (let i = 0; i < Number(flags.acks); i++) {
      const { reached } = await arm({ kind: 'acknowledged', fingerprints: [refs[i].fingerprint] });
      const fromMs = now();
      const reply = await driver
        .timeout(10_000)
        .emitWithAck('alert:acknowledge', { alerts: [refs[i]], note: 'mine', requestId: randomUUID() });
      replies.push(now() - fromMs);
      if (!reply.ok || !reply.outcomes[0].done) throw new Error(JSON.stringify(reply));
      shown.push((await reached).atMs - fromMs);
      await wait(50);
    }
    console.log(
      `one acknowledgement: reply p50 ${ms(percentile(replies, 50))}, p95 ${ms(percentile(replies, 95))} (target 50)`,
    );
    console.log(
      `one acknowledgement: on the last screen p50 ${ms(percentile(shown, 50))}, p95 ${ms(percentile(shown, 95))} (target 200)`,
    );

    const many = refs.slice(-1_000);
    const all = (await arm({ kind: 'acknowledged', fingerprints: many.map(({ fingerprint }) => fingerprint) })).reached;
    const fromMs = now();
    const reply = await driver
      .timeout(20_000)
      .emitWithAck('alert:acknowledge', { alerts: many, requestId: randomUUID() });
    const repliedMs = now() - fromMs;
    const done = reply.outcomes.filter((outcome) => outcome.done).length;
    console.log(
      `${done} acknowledged in one request: reply after ${ms(repliedMs)} (target 500), on the last screen after ${ms((await all).atMs - fromMs)}`,
    );
    driver.disconnect();
  } finally {
    child.disconnect();
    if (server) {
      server.kill('SIGTERM');
      await new Promise((resolve) => server.once('exit', resolve));
    }
    rmSync(folder, { recursive: true });
  }
}

async function timed(work) {
  const fromMs = now();
  await work();
  return now() - fromMs;
}

async function post(from, to) {
  const body = [];
  for (let i = from; i < to; i++) {
    body.push({
      labels: {
        alertname: `Storm${i % 20}`,
        instance: `host-${i}`,
        job: 'node',
        severity: ['info', 'warning', 'critical'][i % 3],
        zone: `z${i % 4}`,
      },
      annotations: { summary: `host-${i} does not answer`, runbook: 'https://wiki.example/runbooks/storm' },
      generatorURL: 'http://prometheus.example/graph?g0.expr=up+%3D%3D+0',
    });
  }
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`alerts were refused: ${response.status} ${await response.text()}`);
}

async function startServer(folder) {
  const main = fileURLToPath(new URL('../apps/api/dist/main.js', import.meta.url));
  const args = [
    '--port',
    flags.port,
    '--data',
    join(folder, 'data'),
    '--config',
    join(folder, 'opsroom.yml'),
    '--accounts.anonymous',
    'responder',
  ];
  const server = spawn(process.execPath, ['--no-warnings', main, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  for (let tries = 0; tries < 200; tries++) {
    const ready = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (ready?.ok) return server;
    await wait(100);
  }
  throw new Error('the server did not start');
}

function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
