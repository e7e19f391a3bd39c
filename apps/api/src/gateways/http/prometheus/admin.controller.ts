import { Controller, HttpCode, Logger, Post, Put, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Store } from '../../../storage/store.js';
import { Needs } from '../needs.js';
import { type Asker, Who } from '../who.js';
import { Parameters } from './parameters.js';
import { PrometheusError } from './prometheus-error.js';
import { readScope } from './selectors.js';

/** What changes the store by hand, for administrators. */
@Needs('administrator')
@Controller('api/v1/admin/tsdb')
export class AdminController {
  private readonly logger = new Logger('Http');

  constructor(private readonly store: Store) {}

  @Post('delete_series')
  @HttpCode(204)
  deleteSeries(@Req() request: FastifyRequest, @Who() asker: Asker): void {
    const parameters = new Parameters(request);
    if (parameters.all('match[]').length === 0) throw new PrometheusError('bad_data', 'no match[] parameter provided');
    const { matcherSets, startMs, endMs } = readScope(parameters);
    const series = this.store.deleteSeries(matcherSets, startMs, endMs);
    const selectors = parameters.all('match[]').join(', ');
    this.logger.log(`${asker.identity.name} deleted samples of ${series} series: ${selectors}`);
  }

  @Put('delete_series')
  @HttpCode(204)
  deleteSeriesByPut(@Req() request: FastifyRequest, @Who() asker: Asker): void {
    this.deleteSeries(request, asker);
  }

  /** Deleted samples are gone at once here, so there is nothing left to clean. */
  @Post('clean_tombstones')
  @HttpCode(204)
  cleanTombstones(): void {}

  @Put('clean_tombstones')
  @HttpCode(204)
  cleanTombstonesByPut(): void {}
}
