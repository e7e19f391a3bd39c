import { Module } from '@nestjs/common';
import { SourcesModule } from '../sources/sources.module.js';
import { StorageModule } from '../storage/storage.module.js';
import { IngestService } from './ingest.service.js';

/** Batches and remote writes into the store. */
@Module({
  imports: [SourcesModule, StorageModule],
  providers: [IngestService],
  exports: [IngestService],
})
export class IngestModule {}
