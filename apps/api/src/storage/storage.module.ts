import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { join } from 'node:path';
import { OpsroomConfig } from '../config/config.js';
import { Clock } from '../model/clock.js';
import { Database } from './database.js';
import { DataFolder } from './data-folder.js';
import { migrations } from './migrations/index.js';
import { SqliteDatabase } from './sqlite-database.js';
import { Store } from './store.js';
import { defaultTsdbOptions, TsdbStore } from './tsdb-store.js';
import { StorageUpkeep } from './upkeep.js';

/**
 * The data folder, the database of alerts and people in it, and the samples. They are closed at the application's shutdown,
 * after every other folder's `onModuleDestroy`, so that those may still write.
 */
@Module({
  providers: [
    {
      provide: DataFolder,
      inject: [OpsroomConfig],
      useFactory: (config: OpsroomConfig) => DataFolder.open(config.process.dataDir),
    },
    {
      provide: Database,
      inject: [DataFolder],
      useFactory: (folder: DataFolder) =>
        SqliteDatabase.open(folder.file('opsroom.db'), { migrations, synchronous: 'full' }),
    },
    {
      provide: Store,
      inject: [DataFolder, OpsroomConfig, Clock],
      useFactory: (folder: DataFolder, config: OpsroomConfig, clock: Clock) => openStore(folder.path, config, clock),
    },
    StorageUpkeep,
  ],
  exports: [Database, Store],
})
export class StorageModule implements OnApplicationShutdown {
  constructor(
    private readonly folder: DataFolder,
    private readonly database: Database,
    private readonly store: Store,
    private readonly upkeep: StorageUpkeep,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.upkeep.stop();
    try {
      if (this.store instanceof TsdbStore) await this.store.close();
    } finally {
      this.database.close();
      this.folder.close();
    }
  }
}

function openStore(path: string, { storage }: OpsroomConfig, clock: Clock): TsdbStore {
  const { retentionMs, retentionBytes, outOfOrderWindowMs, futureToleranceMs, maxSeriesPerSource } = storage;
  return TsdbStore.open(
    {
      ...defaultTsdbOptions,
      databaseFile: join(path, 'samples.db'),
      logFolder: join(path, 'log'),
      retentionMs,
      retentionBytes,
      outOfOrderWindowMs,
      futureToleranceMs,
      maxSeriesPerSource,
    },
    clock,
  );
}
