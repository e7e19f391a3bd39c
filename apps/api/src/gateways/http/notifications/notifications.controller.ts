import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { NotificationEvent, NotifierOutcome, ReceiverView, RouteView } from '@opsroom/contracts';
import { z } from 'zod';
import { NotificationsService } from '../../../notifications/notifications.service.js';
import { Needs } from '../needs.js';
import { readBody } from '../read-body.js';
import { type Asker, Who } from '../who.js';

const logQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  before: z.coerce.number().int().optional(),
});

/** Receivers and what was told to them: the log with its reasons, and a test message. */
@Controller('api/opsroom')
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  @Get('receivers')
  receivers(): { receivers: readonly ReceiverView[] } {
    return { receivers: this.notifications.receivers() };
  }

  /** The routing tree; null when the configuration has no `route` and nobody is notified. */
  @Get('routes')
  routes(): { route: RouteView | null } {
    return { route: this.notifications.routes() };
  }

  /** Newest first; `before` is the id of the oldest entry that one has. */
  @Get('notifications')
  log(@Query() query: unknown): { events: NotificationEvent[] } {
    const { limit, before } = readBody(logQuery, query);
    return { events: this.notifications.recent(limit, before) };
  }

  @Post('receivers/:name/test')
  @HttpCode(200)
  @Needs('administrator')
  async test(
    @Param('name') name: string,
    @Who() { identity }: Asker,
  ): Promise<{ outcomes: readonly NotifierOutcome[] }> {
    return { outcomes: await this.notifications.sendTest(name, identity.name) };
  }
}
