import { Module } from '@nestjs/common';
import { RoutingModule } from '../routing/routing.module.js';
import { RulesModule } from '../rules/rules.module.js';
import { StorageModule } from '../storage/storage.module.js';
import { AlertBook } from './alert-book.js';
import { AlertMetrics } from './alert-metrics.js';
import { AlertRepository } from './alert-repository.js';
import { AlertTopics } from './alert-topics.js';
import { AlertViews } from './alert-views.js';
import { AlertsService } from './alerts.service.js';
import { NotesService } from './notes.service.js';
import { RequestLog } from './request-log.js';
import { SilencesService } from './silences.service.js';
import { SuppressionService } from './suppression.service.js';

/** The life of alerts, silences and inhibition, notes, and the topics of `/alerts`. */
@Module({
  imports: [StorageModule, RulesModule, RoutingModule],
  providers: [
    AlertBook,
    AlertMetrics,
    AlertRepository,
    AlertTopics,
    AlertViews,
    AlertsService,
    NotesService,
    RequestLog,
    SilencesService,
    SuppressionService,
  ],
  exports: [AlertTopics, AlertsService, NotesService, SilencesService],
})
export class AlertsModule {}
