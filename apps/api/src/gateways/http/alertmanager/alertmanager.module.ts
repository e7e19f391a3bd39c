import { Module } from '@nestjs/common';
import { AlertsModule } from '../../../alerts/alerts.module.js';
import { NotificationsModule } from '../../../notifications/notifications.module.js';
import { AlertmanagerAlertsController } from './alerts.controller.js';
import { AlertmanagerSilencesController } from './silences.controller.js';
import { AlertmanagerStatusController } from './status.controller.js';

/** Alertmanager's API v2 (https://github.com/prometheus/alertmanager, api/v2/openapi.yaml). */
@Module({
  imports: [AlertsModule, NotificationsModule],
  controllers: [AlertmanagerAlertsController, AlertmanagerSilencesController, AlertmanagerStatusController],
})
export class AlertmanagerModule {}
