import { Controller, Get, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Store } from '../../../storage/store.js';
import { Json, success } from './answer.js';
import { Parameters } from './parameters.js';

/** What metrics are: type, help, unit. */
@Controller('api/v1')
export class MetadataController {
  constructor(private readonly store: Store) {}

  @Get('metadata')
  @Json()
  metadata(@Req() request: FastifyRequest): string {
    const parameters = new Parameters(request);
    const limit = parameters.count('limit') ?? -1;
    const perMetric = parameters.count('limit_per_metric') ?? -1;
    const metric = parameters.get('metric');
    const data: Record<string, object[]> = {};
    let metrics = 0;
    for (const [name, { type, help, unit }] of this.store.metadata()) {
      if (limit >= 0 && metrics >= limit) break;
      if (metric !== '' && name !== metric) continue;
      metrics++;
      // One entry for each metric is kept here; Prometheus may hold one for each target.
      data[name] = perMetric === 0 ? [] : [{ type, help, unit }];
    }
    return success(data);
  }
}
