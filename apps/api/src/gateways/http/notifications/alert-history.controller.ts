import { Controller, Get, Query } from '@nestjs/common';
import { ALERT_HISTORY_KINDS, type AlertHistoryEntry } from '@opsroom/contracts';
import { z } from 'zod';
import { AlertsService } from '../../../alerts/alerts.service.js';
import { listOf, readBody } from '../read-body.js';

const historyQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  before: z.coerce.number().int().optional(),
  kinds: listOf(z.enum(ALERT_HISTORY_KINDS)).optional(),
  actor: z.string().max(200).optional(),
});

/** What happened to all alerts, and who did it. */
@Controller('api/opsroom')
export class AlertHistoryController {
  constructor(private readonly alerts: AlertsService) {}

  /** The newest first; `before` is the id of the oldest entry that one has, `kinds` a list with commas. */
  @Get('alert-history')
  history(@Query() query: unknown): { entries: AlertHistoryEntry[] } {
    const { limit, before, ...filter } = readBody(historyQuery, query);
    return { entries: this.alerts.audit(limit, before, filter) };
  }
}
