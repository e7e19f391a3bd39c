import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import type { AlertOutcome, AlertView } from '@opsroom/contracts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AlertsService } from '../../../alerts/alerts.service.js';
import { Clock } from '../../../model/clock.js';
import { NotificationsService } from '../../../notifications/notifications.service.js';
import { Open } from '../needs.js';
import { readBody } from '../read-body.js';

const tokenInput = z.strictObject({ token: z.string().max(2000) });

/**
 * The link in a message. Looking (GET) changes nothing, since mail programs fetch links to preview them; only the button on
 * the page (POST) acknowledges. The token is the permission, so no login is asked for, and
 * the history names the receiver whose message it was.
 */
@Open()
@Controller('api/opsroom/acknowledge-link')
export class AcknowledgeLinkController {
  constructor(
    private readonly clock: Clock,
    private readonly alerts: AlertsService,
    private readonly notifications: NotificationsService,
  ) {}

  @Get()
  look(@Query() query: unknown): { alert: AlertView | null; receiver: string } {
    const { token } = readBody(tokenInput, query);
    const { fingerprint, episode, receiver } = this.notifications.links.read(token, this.clock.nowMs());
    const alert = this.alerts.view(fingerprint);
    return { alert: alert?.episode === episode ? alert : null, receiver };
  }

  @Post()
  @HttpCode(200)
  acknowledge(@Body() body: unknown, @Req() request: FastifyRequest): { outcome: AlertOutcome } {
    const { token } = readBody(tokenInput, body);
    return this.notifications.links.redeem(token, this.clock.nowMs(), ({ id, fingerprint, episode, receiver }) => {
      const address = request.clientAddress;
      const [outcome] = this.alerts.acknowledge(
        { alerts: [{ fingerprint, episode }], note: `from the message to ${receiver}`, requestId: `link-${id}` },
        { name: `link to ${receiver}`, ...(address !== undefined && { address }) },
      );
      return { outcome };
    });
  }
}
