import { Controller, Get, Req } from '@nestjs/common';
import type { SourceStatus } from '@opsroom/contracts';
import type { FastifyRequest } from 'fastify';
import { OpsroomConfig } from '../../../config/config.js';
import { printDuration } from '../../../config/quantities.js';
import { Batches } from '../../../sources/batches.js';
import { Json, success } from './answer.js';
import { Parameters } from './parameters.js';

/** Where samples come from. This server's own sources stand as targets, since that is where Prometheus's users look. */
@Controller('api/v1')
export class TargetsController {
  constructor(
    private readonly batches: Batches,
    private readonly config: OpsroomConfig,
  ) {}

  @Get('targets')
  @Json()
  targets(@Req() request: FastifyRequest): string {
    const parameters = new Parameters(request);
    const state = parameters.get('state').toLowerCase();
    const pool = parameters.get('scrapePool');
    const wanted = state === 'dropped' ? [] : this.batches.statuses();
    const active = wanted.filter((source) => pool === '' || source.name === pool);
    const dropped = state === 'active' ? {} : { droppedTargetCounts: {} };
    return success({ activeTargets: active.map((source) => this.targetOf(source)), droppedTargets: [], ...dropped });
  }

  private targetOf(source: SourceStatus): object {
    const { host, port } = this.config.process;
    const instance = `${host}:${port}`;
    const interval = printDuration(Math.round(source.intervalMs));
    return {
      discoveredLabels: { __address__: instance, job: source.name },
      labels: { instance, job: source.name },
      scrapePool: source.name,
      scrapeUrl: '',
      globalUrl: '',
      lastError: source.lastError,
      lastScrape: new Date(source.lastBatchMs).toISOString(),
      lastScrapeDuration: source.durationMs / 1000,
      health: source.health,
      scrapeInterval: interval,
      scrapeTimeout: interval,
    };
  }

  /** Notifications go from here to people; there is no Alertmanager in between. */
  @Get('alertmanagers')
  @Json()
  alertmanagers(): string {
    return success({ activeAlertmanagers: [], droppedAlertmanagers: [] });
  }
}
