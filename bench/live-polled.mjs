/** One panel pushed to 50 viewers, and the same panel polled by 50 viewers from Prometheus; both get the same samples. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { head, line, ready, round, Sender, sleep, verdict, watch, withServer } from './live-kit.mjs';

const SECONDS = 10;
const VIEWERS = 50;
const SERIES = 1000;
const WINDOW_S = 60;
const EXPR = 'sum by (group) (rate(bench_0[30s]))';

export const polled = ({ port }) =>
  withServer(port, (server) => withPrometheus(port + 1, (peer) => both(server, peer)));

async function both(server, peer) {
  const sender = new Sender([server.url, peer.url], SERIES);
  await sleep(10_000);
  const quiet = await used(server, peer);
  const topics = [{ expr: EXPR, stepMs: 1000, windowMs: WINDOW_S * 1000 }];
  const clients = await watch({ url: server.url, watchers: VIEWERS, topics, topicsEach: 1, credit: true });
  // Until what is run for them is compiled.
  await sleep(10_000);
  const polls = poll(peer.url);
  await sleep(1000);
  polls.done = 0;
  await clients.ask();
  const busy = await used(server, peer);
  const { frames } = await clients.ask();
  const answers = polls.done;
  clearInterval(polls.timer);
  sender.stop();
  clients.stop();
  const pushed = (Math.max(0, busy.server - quiet.server) * 1000) / frames;
  const asked = (Math.max(0, busy.peer - quiet.peer) * 1000) / answers;
  head(`${EXPR} for ${VIEWERS} viewers once a second, ${SERIES} series at 1 Hz in, ${SECONDS} s`);
  line('opsroom: CPU ms with ingest alone, with viewers', `${round(quiet.server, 0)}, ${round(busy.server, 0)}`);
  line('Prometheus: CPU ms with ingest alone, with viewers', `${round(quiet.peer, 0)}, ${round(busy.peer, 0)}`);
  line('frames received, polls answered', `${frames}, ${answers}`);
  line('opsroom: µs of CPU per pushed update', round(pushed));
  line('Prometheus: µs of CPU per poll', round(asked));
  verdict('a pushed update / a poll', pushed / asked, 0.05, { digits: 3 });
}

async function used(server, peer) {
  await server.report();
  const before = peer.cpuMs();
  await sleep(SECONDS * 1000);
  return { server: (await server.report()).cpuMs, peer: peer.cpuMs() - before };
}

/** Viewers spread over the second, as browsers are. */
function poll(url) {
  const polls = { done: 0, timer: undefined };
  polls.timer = setInterval(() => {
    const end = Math.floor(Date.now() / 1000);
    const query = new URLSearchParams({ query: EXPR, start: `${end - WINDOW_S}`, end: `${end}`, step: '1' });
    fetch(`${url}/api/v1/query_range?${query}`)
      .then((reply) => reply.text())
      .then((text) => (polls.done += text.includes('"values"') ? 1 : 0))
      .catch(() => undefined);
  }, 1000 / VIEWERS);
  return polls;
}

async function withPrometheus(port, work) {
  const folder = mkdtempSync(join(tmpdir(), 'opsroom-bench-peer-'));
  writeFileSync(join(folder, 'prometheus.yml'), 'global: {scrape_interval: 1m}\n');
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
    ],
    { stdio: 'ignore' },
  );
  const url = `http://127.0.0.1:${port}`;
  const cpuMs = () => {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  };
  try {
    await ready(url);
    await work({ url, cpuMs });
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    rmSync(folder, { recursive: true });
  }
}
