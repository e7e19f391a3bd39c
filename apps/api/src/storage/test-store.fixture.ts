import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Labels, type SeriesSamples, writeStale } from '@opsroom/promql';
import { ManualClock } from '../model/manual-clock.fixture.js';
import { defaultTsdbOptions, type TsdbOptions, TsdbStore } from './tsdb-store.js';
import type { AppendResult, Store } from './store.js';

/** Stands for a stale marker in a list of samples. */
export const STALE = 'stale';
export type TestSample = readonly [timestampMs: number, value: number | typeof STALE];

/** A store in a folder of its own. `reopen` is what a kill and a start do, as far as the files are concerned. */
export class TestStore {
  readonly folder = mkdtempSync(join(tmpdir(), 'opsroom-store-'));
  readonly clock: ManualClock;
  store: TsdbStore;
  private readonly options: TsdbOptions;

  constructor(options: Partial<TsdbOptions> = {}, nowMs = 1_700_000_000_000) {
    this.clock = new ManualClock(nowMs);
    this.options = {
      ...defaultTsdbOptions,
      databaseFile: join(this.folder, 'samples.db'),
      logFolder: join(this.folder, 'log'),
      retentionMs: 0,
      retentionBytes: 0,
      outOfOrderWindowMs: Infinity,
      futureToleranceMs: Infinity,
      maxSeriesPerSource: 100_000,
      ...options,
    };
    this.store = TsdbStore.open(this.options, this.clock);
  }

  /** Opens the files again without a word to the store that had them, as after a kill. What was not written yet is lost. */
  async reopen(): Promise<void> {
    await this.store.writeLog();
    const before = this.store;
    this.store = TsdbStore.open(this.options, this.clock);
    await before.close();
  }

  /** Seals everything that is due, as the upkeep does over many beats. */
  sealAll(): void {
    while (this.store.seal()) {
      // Each call is one slice.
    }
  }

  async close(): Promise<void> {
    await this.store.close();
    rmSync(this.folder, { recursive: true });
  }
}

/** Appends samples of one series. */
export function put(store: Store, labels: Labels, samples: readonly TestSample[], source = 'test'): AppendResult {
  const ref = store.resolve(labels, source);
  const values = new Float64Array(samples.length);
  samples.forEach(([, value], i) => {
    if (value === STALE) writeStale(values, i);
    else values[i] = value;
  });
  return store.append({
    source,
    receivedMs: 0,
    refs: new Uint32Array(samples.length).fill(ref),
    timestamps: Float64Array.from(samples, ([timestampMs]) => timestampMs),
    values,
    count: samples.length,
  });
}

/** What a selection gives, as plain lists. */
export function read({ timestamps, values, from, to }: SeriesSamples): [number, number][] {
  return Array.from({ length: to - from }, (_, i) => [timestamps[from + i], values[from + i]]);
}

export function labels(name: string, rest: Record<string, string> = {}): Labels {
  return Labels.from({ __name__: name, ...rest });
}
