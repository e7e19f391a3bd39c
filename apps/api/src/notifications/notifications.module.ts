import { Module } from '@nestjs/common';
import { AlertsModule } from '../alerts/alerts.module.js';
import { RoutingModule } from '../routing/routing.module.js';
import { StorageModule } from '../storage/storage.module.js';
import { NotificationsService } from './notifications.service.js';

/** Telling people: grouping, holding back, sending. */
@Module({
  imports: [StorageModule, AlertsModule, RoutingModule],
  providers: [NotificationsService],
  exports: [NotificationsService],
})
export class NotificationsModule {}
