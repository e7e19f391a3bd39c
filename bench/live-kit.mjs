/** What the sections of live.mjs share: processes, the whole server with a sender of samples, lines of the report. */
import { fork, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { WriteTemplate } from './write-template.mjs';

export const here = (name) => new URL(name, import.meta.url).pathname;
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const round = (value, digits = 1) => Number(value).toFixed(digits);
export const head = (text) => console.log(`\n${text} (load ${loadavg()[0].toFixed(1)})`);
export const line = (name, value) => console.log(`  ${name.padEnd(62)} ${String(value).padStart(14)}`);

/** A figure with its target: at most, or with `least` at least. */
export function verdict(name, value, target, { digits = 2, least = false, unit = '' } = {}) {
  const reached = least ? value >= target : value <= target;
  const bound = `${least ? '≥' : '≤'} ${target}${unit}`;
  console.log(
    `  ${name.padEnd(62)} ${(value.toFixed(digits) + unit).padStart(14)}   target ${bound}: ${reached ? 'reached' : 'MISSED'}`,
  );
}

const answer = (child) =>
  new Promise((resolve, reject) => {
    const ended = (code) => reject(new Error(`a process of the benchmark ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });

export function ask(child, message = 'report') {
  const reply = answer(child);
  child.send(message);
  return reply;
}

/** A process of the benchmark; resolves when it says that it is ready. */
export async function start(script, task, execArgv = []) {
  const child = fork(here(script), [JSON.stringify(task)], { execArgv });
  await answer(child);
  return child;
}

/** Watchers in a process of their own. */
export async function watch(task) {
  const child = await start('./live-watchers.mjs', { topics: [], topicsEach: 20, ...task });
  return { ask: (message) => ask(child, message), stop: () => child.send('stop') };
}

export async function ready(url) {
  for (let i = 0; i < 300; i++) {
    const reply = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (reply?.ok) return;
    await sleep(100);
  }
  throw new Error(`${url} does not get ready`);
}

export const INSTANCES = 100;

/** Sends all series once a second, each time stamped when the request leaves. */
export class Sender {
  failed = '';
  #count = 0;

  constructor(urls, series) {
    this.urls = urls;
    this.series = series;
    this.template = new WriteTemplate(
      Array.from({ length: series }, (_, i) => ({
        __name__: `bench_${Math.floor(i / INSTANCES)}`,
        instance: `i${i % INSTANCES}`,
        group: `g${i % 10}`,
      })),
    );
    this.timer = setInterval(() => void this.send(), 1000);
  }

  async send() {
    this.#count += 1;
    const values = Array.from({ length: this.series }, (_, i) => this.#count * (1 + (i % 7)) + (i % 13));
    const body = this.template.fill(values, Date.now());
    const headers = {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    };
    for (const url of this.urls) {
      const reply = await fetch(`${url}/api/v1/write`, { method: 'POST', body, headers }).catch((error) => error);
      if (!reply.ok) this.failed = reply.status ? `${reply.status} ${await reply.text()}` : String(reply);
    }
  }

  stop() {
    clearInterval(this.timer);
    if (this.failed) console.log(`  a write failed: ${this.failed}`);
  }
}

/** Runs `work` with the whole server in a folder of its own, ended and removed afterwards. */
export async function withServer(port, work) {
  const folder = mkdtempSync(join(tmpdir(), 'opsroom-bench-'));
  writeFileSync(join(folder, 'opsroom.yml'), 'accounts:\n  anonymous: administrator\n');
  const child = spawn(
    process.execPath,
    [
      ['--expose-gc', '--import', here('./live-probe.mjs'), ...(process.env.BENCH_NODE_ARGS?.split(' ') ?? [])],
      [here('../apps/api/dist/main.js'), '--port', `${port}`, '--data', join(folder, 'data')],
      ['--config', join(folder, 'opsroom.yml')],
    ].flat(),
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  const url = `http://127.0.0.1:${port}`;
  try {
    await ready(url);
    return await work({ url, child, report: () => ask(child) });
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    rmSync(folder, { recursive: true });
  }
}

/** What dashboards ask: single series, sums, rates, ratios, top lists. */
export function topicOf(i, metrics) {
  const metric = `bench_${i % metrics}`;
  const instance = `i${(i * 13) % INSTANCES}`;
  const forms = [
    `${metric}{instance="${instance}"}`,
    `rate(${metric}{instance="${instance}"}[30s])`,
    `sum by (group) (${metric})`,
    `sum by (group) (rate(${metric}[30s]))`,
    `topk(5, ${metric})`,
    `max_over_time(${metric}{group="g${i % 10}"}[20s])`,
    `${metric}{group="g${i % 10}"} / on (instance) bench_${(i + 1) % metrics}{group="g${i % 10}"}`,
    `avg(${metric}) by (group) > 0`,
  ];
  return { expr: forms[i % forms.length], stepMs: 1000, windowMs: 60_000 };
}
