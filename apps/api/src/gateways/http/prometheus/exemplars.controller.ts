import { Controller, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { GetOrPost, success } from './answer.js';
import { Parameters } from './parameters.js';
import { invalidParameter } from './prometheus-error.js';

/** Exemplars are not kept. Grafana asks for them beside every panel, and an empty answer is the truth. */
@Controller('api/v1')
export class ExemplarsController {
  @GetOrPost('query_exemplars')
  exemplars(@Req() request: FastifyRequest): string {
    const parameters = new Parameters(request);
    if (parameters.time('end') < parameters.time('start')) {
      throw invalidParameter('end', 'end timestamp must not be before start timestamp');
    }
    return success([]);
  }
}
