import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { OpsroomConfig } from '../config/config.js';
import { Database } from './database.js';
import { DataFolder } from './data-folder.js';
import { migrations } from './migrations/index.js';
import { SqliteDatabase } from './sqlite-database.js';

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
  ],
  exports: [Database],
})
export class StorageModule implements OnApplicationShutdown {
  constructor(
    private readonly folder: DataFolder,
    private readonly database: Database,
  ) {}

  onApplicationShutdown(): void {
    this.database.close();
    this.folder.close();
  }
}
