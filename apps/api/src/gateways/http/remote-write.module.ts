import { Module } from '@nestjs/common';
import { IngestModule } from '../../ingest/ingest.module.js';
import { RemoteWriteController } from './remote-write.controller.js';

/** Samples that are pushed over HTTP. */
@Module({ imports: [IngestModule], controllers: [RemoteWriteController] })
export class RemoteWriteModule {}
