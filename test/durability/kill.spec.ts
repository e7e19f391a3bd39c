import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMatcher } from '@opsroom/promql';
import { openAll, SERIES, STEP_MS } from './data.fixture.js';

const ROUNDS = 4;
/** What a kill may cost. */
const LOSS_MS = 1000;

interface Run {
  /** Batches with the time at which their appending was reported. */
  readonly batches: readonly { readonly number: number; readonly atMs: number }[];
  readonly lastAct: number;
}

/** Lets the writer run for a while after it is ready and kills it. */
function killAfter(folder: string, aliveMs: number): Promise<Run> {
  return new Promise((resolve, reject) => {
    const root = join(import.meta.dirname, '../..');
    const loader = join(root, 'test/support/ts-run.mjs');
    const child = spawn(
      process.execPath,
      ['--no-warnings', '--import', loader, join(import.meta.dirname, 'writer.fixture.ts'), folder],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output === '') setTimeout(() => child.kill('SIGKILL'), aliveMs);
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('close', (_, signal) => {
      if (signal !== 'SIGKILL') return reject(new Error(`the writer ended by itself: ${errors}`));
      const lines = output.split('\n').map((line) => line.split(' '));
      // A kill may cut the last line; what counts is what was said whole.
      lines.pop();
      const batches = lines
        .filter(([kind]) => kind === 'batch')
        .map(([, number, at]) => ({ number: +number, atMs: +at }));
      const lastAct = Math.max(0, ...lines.filter(([kind]) => kind === 'act').map(([, number]) => +number));
      resolve({ batches, lastAct });
    });
  });
}

/** Numbers of the batches of each series, and of the acts, as a start after the kill finds them. */
async function readBack(folder: string): Promise<{ series: number[][]; acts: number[] }> {
  const { database, store } = openAll(folder);
  const series = [...store.select([createMatcher('__name__', '=', 'load')], -Infinity, Infinity)].map(
    ({ labels, timestamps, values, from, to }) => {
      const shard = Number(labels.get('shard')) + 1;
      return Array.from({ length: to - from }, (_, i) => {
        const batch = timestamps[from + i] / STEP_MS;
        return values[from + i] === batch * shard ? batch : NaN;
      });
    },
  );
  const acts = database
    .statement('SELECT number FROM acts ORDER BY number')
    .all()
    .map((row) => Number(row.number));
  await store.close();
  database.close();
  return { series, acts };
}

describe('a server that is killed', () => {
  it('has every committed act, and every sample but those of the last second, kill after kill', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'opsroom-kill-'));
    let most = 0;
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const { batches, lastAct } = await killAfter(folder, 300 + Math.random() * 1800);
        const { series, acts } = await readBack(folder);
        const lastMs = batches.at(-1)?.atMs ?? 0;
        const mustHave = batches.filter(({ atMs }) => atMs < lastMs - LOSS_MS).at(-1)?.number ?? 0;

        expect(acts.at(-1)).toBeGreaterThanOrEqual(lastAct);
        expect(acts).toEqual(Array.from({ length: acts.length }, (_, i) => i + 1));
        expect(series).toHaveLength(SERIES);
        const kept = series[0].length;
        expect(kept).toBeGreaterThanOrEqual(mustHave);
        const whole = Array.from({ length: kept }, (_, i) => i + 1);
        for (const one of series) expect(one).toEqual(whole);
        most = Math.max(most, kept);
      }
      // Enough for sealing and for dropped segments to have happened between the kills.
      expect(most).toBeGreaterThan(120);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 120_000);
});
