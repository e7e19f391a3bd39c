import { Module } from '@nestjs/common';
import { AlertsModule } from '../../../alerts/alerts.module.js';
import { NotificationsModule } from '../../../notifications/notifications.module.js';
import { AcknowledgeLinkController } from './acknowledge-link.controller.js';
import { NotificationsController } from './notifications.controller.js';

/** Receivers, the log of notifications, and the links in them. */
@Module({
  imports: [AlertsModule, NotificationsModule],
  controllers: [AcknowledgeLinkController, NotificationsController],
})
export class NotificationsHttpModule {}
