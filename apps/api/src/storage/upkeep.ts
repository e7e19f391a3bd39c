import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import {
  defer,
  EMPTY,
  exhaustMap,
  expand,
  from,
  ignoreElements,
  map,
  merge,
  type Observable,
  of,
  type Subscription,
} from 'rxjs';
import { OpsroomConfig } from '../config/config.js';
import { Clock } from '../model/clock.js';
import { Store } from './store.js';
import { TsdbStore } from './tsdb-store.js';

export interface UpkeepWork {
  /** Rejects never; failures show in the store's health. */
  writeLog(): Promise<void>;
  flush(): Promise<void>;
  seal(): boolean;
  tidy(): Promise<void>;
}

export interface UpkeepPeriods {
  readonly fsyncIntervalMs: number;
}

/** Samples reach the operating system this soon, where they survive the process. */
const WRITE_MS = 200;
const SEAL_MS = 1000;
/** Between two slices of sealing other work gets its turn. */
const SLICE_PAUSE_MS = 10;
const TIDY_MS = 10_000;
/** A sync is begun this much of its interval after the one before, so that it ends within the interval. */
const SYNC_SHARE = 0.75;

/**
 * The store's regular work as one stream that emits nothing: writes, syncs, sealing in slices, retention. No kind of work overlaps
 * itself; a beat that finds it still busy is skipped.
 */
export function upkeep$(clock: Clock, store: UpkeepWork, { fsyncIntervalMs }: UpkeepPeriods): Observable<never> {
  const syncMs = Math.max(10, Math.floor(fsyncIntervalMs * SYNC_SHARE));
  const write = (): Observable<unknown> => from(store.writeLog());
  // A failed sync is in the store's health and is tried again by the next beat.
  const sync = (): Observable<unknown> => from(store.flush().catch(() => undefined));
  const slices = (): Observable<unknown> =>
    defer(() => of(store.seal())).pipe(
      expand((more) => (more ? clock.after(SLICE_PAUSE_MS).pipe(map(() => store.seal())) : EMPTY)),
    );
  return merge(
    syncMs > WRITE_MS ? clock.beats(WRITE_MS, WRITE_MS / 2).pipe(exhaustMap(write)) : EMPTY,
    clock.beats(syncMs).pipe(exhaustMap(sync)),
    clock.beats(SEAL_MS, SEAL_MS / 2).pipe(exhaustMap(slices)),
    clock.beats(TIDY_MS, 700).pipe(exhaustMap(() => from(store.tidy()))),
  ).pipe(ignoreElements());
}

/** In: the clock's beats. Out: nothing. Owns: the subscription that keeps the store written, sealed and within its bounds. */
@Injectable()
export class StorageUpkeep implements OnModuleInit {
  private readonly logger = new Logger('storage');
  private subscription: Subscription | undefined;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly config: OpsroomConfig,
  ) {}

  onModuleInit(): void {
    // A store that stands in for this one in a test looks after itself.
    if (!(this.store instanceof TsdbStore)) return;
    const { samples, cutBytes } = this.store.recovered;
    if (samples > 0) this.logger.log(`${samples} samples read back from the log`);
    if (cutBytes > 0) this.logger.warn(`${cutBytes} bytes of an unfinished record were cut off the log's end`);
    this.subscription = upkeep$(this.clock, this.store, this.config.storage).subscribe({
      error: (error: unknown) => this.logger.error('The upkeep of the store has stopped', error),
    });
  }

  stop(): void {
    this.subscription?.unsubscribe();
  }
}
