import { Controller, Param, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Store } from '../../../storage/store.js';
import { GetOrPost, limitedList, success, successOf } from './answer.js';
import { unescapeLabelName } from './label-name.js';
import { Parameters } from './parameters.js';
import { PrometheusError } from './prometheus-error.js';
import { labelsJson } from './result-json.js';
import { readScope } from './selectors.js';

/** What there is in the store: series, label names, label values. */
@Controller('api/v1')
export class SeriesController {
  constructor(private readonly store: Store) {}

  @GetOrPost('series')
  series(@Req() request: FastifyRequest): string {
    const parameters = new Parameters(request);
    if (parameters.all('match[]').length === 0) throw new PrometheusError('bad_data', 'no match[] parameter provided');
    const limit = parameters.limit();
    const { matcherSets, startMs, endMs } = readScope(parameters);
    const { kept, remarks } = limitedList(this.store.seriesLabels(matcherSets, startMs, endMs), limit);
    return successOf(`[${kept.map(labelsJson).join(',')}]`, remarks);
  }

  @GetOrPost('labels')
  labels(@Req() request: FastifyRequest): string {
    const parameters = new Parameters(request);
    const limit = parameters.limit();
    const { matcherSets, startMs, endMs } = readScope(parameters);
    const { kept, remarks } = limitedList(this.store.labelNames(matcherSets, startMs, endMs), limit);
    return success(kept, remarks);
  }

  @GetOrPost('label/:name/values')
  values(@Param('name') escaped: string, @Req() request: FastifyRequest): string {
    const name = unescapeLabelName(escaped);
    if (name === undefined) throw new PrometheusError('bad_data', `invalid label name: ${JSON.stringify(escaped)}`);
    const parameters = new Parameters(request);
    const limit = parameters.limit();
    const { matcherSets, startMs, endMs } = readScope(parameters);
    const { kept, remarks } = limitedList(this.store.labelValues(name, matcherSets, startMs, endMs), limit);
    return success(kept, remarks);
  }
}
