import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isStale, type Labels } from '@opsroom/promql';
import { freePort } from '../support/free-port.fixture.js';

/** One series with its samples; times in ms. */
export interface WrittenSeries {
  readonly labels: Labels;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

export type PrometheusReply =
  | { readonly status: 'success'; readonly data: { readonly resultType: string; readonly result: unknown } }
  | { readonly status: 'error'; readonly error: string };

/** A Prometheus of its own over an empty folder, with what is written to it by remote write. */
export class PrometheusProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  static async start(): Promise<PrometheusProcess> {
    if (spawnSync('prometheus', ['--version']).status !== 0) {
      throw new Error('prometheus is not on the PATH: `apt-get install prometheus` (version 2)');
    }
    const folder = mkdtempSync(join(tmpdir(), 'opsroom-prometheus-'));
    const config = join(folder, 'prometheus.yml');
    writeFileSync(config, 'global: {}\n');
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      'prometheus',
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        '--web.enable-remote-write-receiver',
      ],
      { stdio: 'ignore' },
    );
    const process = new PrometheusProcess(child, folder, `http://${address}`);
    for (let i = 0; i < 300; i++) {
      if (await process.ready()) return process;
      await delay(50);
    }
    process.stop();
    throw new Error('Prometheus did not start within 15 s');
  }

  stop(): void {
    this.child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  async write(series: readonly WrittenSeries[]): Promise<void> {
    await remoteWrite(this.url, series);
  }

  async query(path: 'query' | 'query_range', parameters: Readonly<Record<string, string>>): Promise<PrometheusReply> {
    const reply = await fetch(`${this.url}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
    });
    return (await reply.json()) as PrometheusReply;
  }

  private async ready(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/-/ready`)).ok;
    } catch {
      return false;
    }
  }
}

/** Writes to any server that takes remote write; throws when it does not take all. */
export async function remoteWrite(url: string, series: readonly WrittenSeries[]): Promise<void> {
  const body: number[] = [];
  for (const one of series) lengthDelimited(body, 1, encodeSeries(one));
  const reply = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: { 'content-encoding': 'snappy', 'content-type': 'application/x-protobuf' },
    body: snappyLiterals(Uint8Array.from(body)),
  });
  if (!reply.ok) throw new Error(`remote write: ${reply.status} ${await reply.text()}`);
}

const encoder = new TextEncoder();

function varint(out: number[], value: number): void {
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) | 128);
  out.push(rest);
}

function lengthDelimited(out: number[], field: number, bytes: ArrayLike<number>): void {
  varint(out, field * 8 + 2);
  varint(out, bytes.length);
  for (let i = 0; i < bytes.length; i++) out.push(bytes[i]);
}

/** A TimeSeries message: labels (1), then samples (2) of a double and a varint. */
function encodeSeries({ labels, timestamps, values }: WrittenSeries): number[] {
  const out: number[] = [];
  labels.names.forEach((name, i) => {
    const pair: number[] = [];
    lengthDelimited(pair, 1, encoder.encode(name));
    lengthDelimited(pair, 2, encoder.encode(labels.values[i]));
    lengthDelimited(out, 1, pair);
  });
  for (let i = 0; i < timestamps.length; i++) {
    const bytes = isStale(values, i)
      ? [2, 0, 0, 0, 0, 0, 0xf0, 0x7f]
      : [...new Uint8Array(Float64Array.of(values[i]).buffer)];
    const sample = [9, ...bytes, 16];
    varint(sample, timestamps[i]);
    lengthDelimited(out, 2, sample);
  }
  return out;
}

/** A snappy block may consist of literals alone. */
function snappyLiterals(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  varint(out, bytes.length);
  for (let at = 0; at < bytes.length; at += 65_536) {
    const part = bytes.subarray(at, at + 65_536);
    out.push(61 << 2, (part.length - 1) & 255, (part.length - 1) >> 8, ...part);
  }
  return Uint8Array.from(out);
}
