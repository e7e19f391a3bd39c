import { Module } from '@nestjs/common';
import { AlertsModule } from '../../../alerts/alerts.module.js';
import { NotificationsModule } from '../../../notifications/notifications.module.js';
import { AlertHistoryController } from './alert-history.controller.js';
import { AcknowledgeLinkController } from './acknowledge-link.controller.js';
import { NotificationsController } from './notifications.controller.js';

/** Receivers, the log of notifications, the links in them, and alerts' histories. */
@Module({
  imports: [AlertsModule, NotificationsModule],
  controllers: [AlertHistoryController, AcknowledgeLinkController, NotificationsController],
})
export class NotificationsHttpModule {}
