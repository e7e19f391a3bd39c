import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { AlertsService } from '../../../alerts/alerts.service.js';
import { Clock } from '../../../model/clock.js';
import { Refusal } from '../../../model/refusal.js';
import { Needs } from '../needs.js';
import { BadBody, type Read } from './postable.js';
import { readAlertmanagerWebhook, readGrafanaWebhook } from './webhook-payload.js';

/** Where another Alertmanager, or Grafana, tells its alerts as it would tell a webhook. The alerts that can be read are taken, whatever is wrong with others. */
@Needs('responder')
@Controller('api/opsroom/webhook')
export class WebhooksController {
  constructor(
    private readonly clock: Clock,
    private readonly alerts: AlertsService,
  ) {}

  @Post('alertmanager')
  @HttpCode(200)
  alertmanager(@Body() body: unknown): { received: number } {
    return this.take(() => readAlertmanagerWebhook(body, this.clock.nowMs()));
  }

  @Post('grafana')
  @HttpCode(200)
  grafana(@Body() body: unknown): { received: number } {
    return this.take(() => readGrafanaWebhook(body, this.clock.nowMs()));
  }

  private take(read: () => Read): { received: number } {
    try {
      const { alerts, problems } = read();
      this.alerts.receive(alerts);
      if (problems.length > 0) throw new BadBody(`${problems.join('; ')}; the other ${alerts.length} were taken`);
      return { received: alerts.length };
    } catch (error) {
      throw error instanceof BadBody ? new Refusal('bad_request', error.message) : error;
    }
  }
}
