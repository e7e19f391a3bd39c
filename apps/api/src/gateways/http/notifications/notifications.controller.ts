import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import type { NotificationEvent } from '../../../notifications/delivery/event-log.js';
import { NotificationsService } from '../../../notifications/notifications.service.js';
import { Needs } from '../needs.js';
import { readBody } from '../read-body.js';
import { type Asker, Who } from '../who.js';

const logQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(200) });

/** Receivers and what was told to them: the log with its reasons, and a test message. */
@Controller('api/opsroom')
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  @Get('receivers')
  receivers(): { receivers: readonly { name: string; notifiers: readonly string[] }[] } {
    return { receivers: this.notifications.receivers() };
  }

  /** Newest first. */
  @Get('notifications')
  log(@Query() query: unknown): { events: NotificationEvent[] } {
    return { events: this.notifications.recent(readBody(logQuery, query).limit) };
  }

  @Post('receivers/:name/test')
  @HttpCode(200)
  @Needs('administrator')
  async test(
    @Param('name') name: string,
    @Who() { identity }: Asker,
  ): Promise<{ outcomes: readonly { notifier: string; error: string | null }[] }> {
    return { outcomes: await this.notifications.sendTest(name, identity.name) };
  }
}
