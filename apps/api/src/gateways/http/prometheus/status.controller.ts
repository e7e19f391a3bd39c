import { Controller, Get, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { availableParallelism, hostname } from 'node:os';
import { OpsroomConfig } from '../../../config/config.js';
import { printDuration, printSize } from '../../../config/quantities.js';
import { ReloadService } from '../../../config/reload.service.js';
import { VERSION } from '../../../config/version.js';
import { Clock } from '../../../model/clock.js';
import { Store } from '../../../storage/store.js';
import { Json, success } from './answer.js';
import { MAX_TIME_MS, MIN_TIME_MS, Parameters } from './parameters.js';
import { invalidParameter } from './prometheus-error.js';
import { countLabels, type NamedCount } from './series-statistics.js';

/** The release whose language and API this is; clients decide by it what they may ask for. */
const PROMETHEUS_VERSION = '3.14.0';

/** What this server is and how it fares. */
@Controller('api/v1/status')
export class StatusController {
  private readonly startedMs: number;

  constructor(
    private readonly config: OpsroomConfig,
    private readonly clock: Clock,
    private readonly store: Store,
    private readonly reloads: ReloadService,
  ) {
    this.startedMs = clock.nowMs();
  }

  @Get('buildinfo')
  @Json()
  buildinfo(): string {
    return success({
      version: PROMETHEUS_VERSION,
      revision: `opsroom-${VERSION}`,
      branch: '',
      buildUser: '',
      buildDate: '',
      goVersion: '',
      application: 'Opsroom',
      applicationVersion: VERSION,
      nodeVersion: process.version,
    });
  }

  @Get('config')
  @Json()
  configuration(): string {
    return success({ yaml: this.config.text });
  }

  @Get('flags')
  @Json()
  flags(): string {
    return success(this.config.flags);
  }

  @Get('runtimeinfo')
  @Json()
  runtimeinfo(): string {
    const { retentionMs, retentionBytes } = this.config.storage;
    const retention = [
      ...(retentionMs > 0 ? [printDuration(retentionMs)] : []),
      ...(retentionBytes > 0 ? [printSize(retentionBytes)] : []),
    ];
    return success({
      startTime: new Date(this.startedMs).toISOString(),
      CWD: process.cwd(),
      hostname: hostname(),
      serverTime: new Date(this.clock.nowMs()).toISOString(),
      reloadConfigSuccess: this.reloads.successful,
      lastConfigTime: new Date(this.startedMs).toISOString(),
      corruptionCount: 0,
      goroutineCount: 0,
      GOMAXPROCS: availableParallelism(),
      GOMEMLIMIT: 0,
      GOGC: '',
      GODEBUG: '',
      storageRetention: retention.join(' or ') || 'for ever',
    });
  }

  @Get('tsdb')
  @Json()
  tsdb(@Req() request: FastifyRequest): string {
    const parameters = new Parameters(request);
    const limit = parameters.count('limit') ?? 10;
    if (limit < 1) throw invalidParameter('limit', 'limit must be a positive number');
    const { series, headMinMs, headMaxMs } = this.store.stats();
    const counts = countLabels(this.store.seriesLabels([], MIN_TIME_MS, MAX_TIME_MS));
    const top = (named: readonly NamedCount[]): readonly NamedCount[] => named.slice(0, limit);
    return success({
      headStats: {
        numSeries: series,
        numLabelPairs: counts.seriesCountByLabelValuePair.length,
        chunkCount: series,
        // Prometheus's own for an empty head.
        minTime: Number.isNaN(headMinMs) ? MAX_TIME_MS : headMinMs,
        maxTime: Number.isNaN(headMaxMs) ? MIN_TIME_MS : headMaxMs,
      },
      seriesCountByMetricName: top(counts.seriesCountByMetricName),
      labelValueCountByLabelName: top(counts.labelValueCountByLabelName),
      memoryInBytesByLabelName: top(counts.memoryInBytesByLabelName),
      seriesCountByLabelValuePair: top(counts.seriesCountByLabelValuePair),
    });
  }

  /** The log is read before this server answers at all. */
  @Get('walreplay')
  @Json()
  walreplay(): string {
    return success({ min: 0, max: 0, current: 0 });
  }
}
