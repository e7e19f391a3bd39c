import { Module } from '@nestjs/common';
import { SourcesModule } from '../sources/sources.module.js';
import { StorageModule } from '../storage/storage.module.js';
import { IngestService } from './ingest.service.js';
import { RemoteWriteService } from './remote-write/remote-write.service.js';

/** Batches and remote writes into the store. */
@Module({
  imports: [SourcesModule, StorageModule],
  providers: [IngestService, RemoteWriteService],
  exports: [IngestService, RemoteWriteService],
})
export class IngestModule {}
