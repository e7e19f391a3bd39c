import {
  type BeforeApplicationShutdown,
  Controller,
  Get,
  HttpCode,
  Logger,
  type OnApplicationBootstrap,
  Post,
  Put,
  Res,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ReloadService } from '../../config/reload.service.js';
import { Store } from '../../storage/store.js';
import { Needs, Open } from './needs.js';

/**
 * In: probes of the machinery around, and requests to reload. Out: whether it lives, whether it serves.
 * Owns: readiness: from the end of the start (the store has recovered, the rules are loaded) to the beginning of the end, save
 * while samples do not get to the disk.
 */
@Controller('-')
export class HealthController implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Http');
  private ready = false;

  constructor(
    private readonly reloads: ReloadService,
    private readonly store: Store,
  ) {}

  onApplicationBootstrap(): void {
    this.ready = true;
  }

  beforeApplicationShutdown(): void {
    this.ready = false;
  }

  @Open()
  @Get('healthy')
  healthy(@Res({ passthrough: true }) reply: FastifyReply): string {
    reply.type('text/plain; charset=utf-8');
    return 'Opsroom is Healthy.\n';
  }

  @Open()
  @Get('ready')
  readiness(@Res({ passthrough: true }) reply: FastifyReply): string {
    const { writable, problem } = this.store.health();
    reply.status(this.ready && writable ? 200 : 503).type('text/plain; charset=utf-8');
    if (!this.ready) return 'Opsroom is not ready.\n';
    return writable ? 'Opsroom is Ready.\n' : `Opsroom is not ready: ${problem}\n`;
  }

  /** 200 when everything was read again; 500 with a line for each that could not, whose old state is still in force. */
  @Needs('administrator')
  @Post('reload')
  @HttpCode(200)
  async reload(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const outcomes = await this.reloads.reload();
    const failed = outcomes.filter((one) => one.error !== undefined);
    for (const { name, error } of failed) this.logger.warn(`reload of ${name}: ${error ?? ''}`);
    reply.status(failed.length === 0 ? 200 : 500).type('text/plain; charset=utf-8');
    return failed.map(({ name, error }) => `failed to reload ${name}: ${error ?? ''}\n`).join('');
  }

  @Needs('administrator')
  @Put('reload')
  reloadByPut(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.reload(reply);
  }
}
