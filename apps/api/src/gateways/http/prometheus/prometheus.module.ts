import { Module } from '@nestjs/common';
import { RulesModule } from '../../../rules/rules.module.js';
import { SourcesModule } from '../../../sources/sources.module.js';
import { StorageModule } from '../../../storage/storage.module.js';
import { AdminController } from './admin.controller.js';
import { ExemplarsController } from './exemplars.controller.js';
import { MetadataController } from './metadata.controller.js';
import { QueryController } from './query.controller.js';
import { QueryService } from './query.service.js';
import { RulesController } from './rules.controller.js';
import { SeriesController } from './series.controller.js';
import { StatusController } from './status.controller.js';
import { TargetsController } from './targets.controller.js';

/** Prometheus's HTTP API over this server's store and rules. */
@Module({
  imports: [RulesModule, SourcesModule, StorageModule],
  controllers: [
    AdminController,
    ExemplarsController,
    MetadataController,
    QueryController,
    RulesController,
    SeriesController,
    StatusController,
    TargetsController,
  ],
  providers: [QueryService],
  exports: [QueryService],
})
export class PrometheusModule {}
