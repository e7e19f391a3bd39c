import { Module } from '@nestjs/common';
import { AlertsModule } from '../../../alerts/alerts.module.js';
import { NotificationsModule } from '../../../notifications/notifications.module.js';
import { RoutingModule } from '../../../routing/routing.module.js';
import { AlertmanagerAlertsController } from './alerts.controller.js';
import { AlertmanagerSilencesController } from './silences.controller.js';
import { AlertmanagerStatusController } from './status.controller.js';
import { WebhooksController } from './webhooks.controller.js';

/** Alertmanager's API v2 (https://github.com/prometheus/alertmanager, api/v2/openapi.yaml), and webhooks that tell alerts of others. */
@Module({
  imports: [AlertsModule, NotificationsModule, RoutingModule],
  controllers: [
    AlertmanagerAlertsController,
    AlertmanagerSilencesController,
    AlertmanagerStatusController,
    WebhooksController,
  ],
})
export class AlertmanagerModule {}
