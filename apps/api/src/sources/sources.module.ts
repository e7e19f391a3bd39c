import { Module } from '@nestjs/common';
import { Batches } from './batches.js';
import { SourcesService } from './sources.service.js';

/** Everything that yields samples by itself. Remote write pushes; it comes in through ingest. */
@Module({
  providers: [SourcesService, { provide: Batches, useExisting: SourcesService }],
  exports: [Batches],
})
export class SourcesModule {}
