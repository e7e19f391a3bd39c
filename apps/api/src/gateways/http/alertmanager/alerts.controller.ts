import { Body, Controller, Get, HttpCode, HttpException, Post, Query } from '@nestjs/common';
import { type AlertView, byCodePoint, compareLabelSets } from '@opsroom/contracts';
import { createMatcher } from '@opsroom/promql';
import { AlertsService } from '../../../alerts/alerts.service.js';
import { OpsroomConfig } from '../../../config/config.js';
import { NotificationsService } from '../../../notifications/notifications.service.js';
import { Clock } from '../../../model/clock.js';
import { Routing } from '../../../routing/routing.js';
import { Needs } from '../needs.js';
import { type AlertQuery, flag, isWanted, readFilter, receiverTest } from './alert-filter.js';
import { answering } from './alertmanager-error.js';
import { type GettableAlert, gettableAlert } from './gettable.js';
import { readAlerts } from './postable.js';

/** `/api/v2/alerts`: Prometheus and amtool send alerts here and ask for them. Pending ones are nobody else's business yet. */
@Controller('api/v2/alerts')
export class AlertmanagerAlertsController {
  constructor(
    private readonly config: OpsroomConfig,
    private readonly alerts: AlertsService,
    private readonly notifications: NotificationsService,
    private readonly routing: Routing,
    private readonly clock: Clock,
  ) {}

  @Get()
  list(@Query() query: AlertQuery): GettableAlert[] {
    return answering(() => {
      const wanted = this.receiverFilter(query);
      return this.firing(query)
        .map((alert) => this.gettable(alert))
        .filter(({ receivers }) => receivers.length === 0 || receivers.some(({ name }) => wanted(name)))
        .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
    });
  }

  @Post()
  @HttpCode(200)
  @Needs('responder')
  post(@Body() body: unknown): void {
    answering(() => {
      const { alerts, problems } = readAlerts(body);
      this.alerts.receive(alerts);
      if (problems.length > 0) throw new HttpException(problems.join('; '), 400);
    });
  }

  @Get('groups')
  groups(@Query() query: AlertQuery): object[] {
    return answering(() => {
      const wanted = this.receiverFilter(query);
      const shown = new Map(this.firing(query).map((alert) => [alert.fingerprint, alert]));
      const nowMs = this.clock.nowMs();
      return this.notifications
        .currentGroups()
        .flatMap((group) => {
          const alerts = [...group.alerts.keys()].flatMap((fingerprint) => shown.get(fingerprint) ?? []);
          if (alerts.length === 0 || !wanted(group.route.receiver)) return [];
          const mutedBy = this.routing.mutingOf(group.route, nowMs)?.intervals ?? [];
          if (mutedBy.length > 0 && !flag(query.muted)) return [];
          const receiver = { name: group.route.receiver };
          return [{ labels: group.labels, receiver, alerts: alerts.map((alert) => this.gettable(alert, mutedBy)) }];
        })
        .sort((a, b) => compareLabelSets(a.labels, b.labels) || byCodePoint(a.receiver.name, b.receiver.name));
    });
  }

  private firing(query: AlertQuery): AlertView[] {
    const selected = this.alerts.select(readFilter(query.filter));
    return selected.filter((alert) => alert.condition === 'firing' && isWanted(alert, query));
  }

  private receiverFilter({ receiver }: AlertQuery): (name: string) => boolean {
    return receiverTest(receiver, (pattern) => {
      const matcher = createMatcher('receiver', '=~', pattern);
      return (name) => matcher.matches(name);
    });
  }

  private gettable(alert: AlertView, mutedBy: readonly string[] = []): GettableAlert {
    return gettableAlert(alert, {
      receivers: this.routing.routesOf(alert.labels).map(({ receiver }) => receiver),
      generatorUrl: `${this.config.process.externalUrl}/alerts/${alert.fingerprint}`,
      expiresMs: this.alerts.expiryMs(alert.fingerprint) ?? alert.evaluatedMs + this.config.resolveTimeoutMs,
      mutedBy,
    });
  }
}
