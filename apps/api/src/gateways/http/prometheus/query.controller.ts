import { Controller, Req, Res } from '@nestjs/common';
import { exprToJson, parseExpr, prettyExpr } from '@opsroom/promql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OpsroomConfig } from '../../../config/config.js';
import { Clock } from '../../../model/clock.js';
import { GetOrPost, success, successOf, TRUNCATED } from './answer.js';
import { clientSignal } from './client-signal.js';
import { Parameters } from './parameters.js';
import { invalidParameter, PrometheusError } from './prometheus-error.js';
import { queryError } from './query-errors.js';
import { MAX_STEPS, type QueryAnswer, type QueryRequest, QueryService } from './query.service.js';
import { instantJson, rangeJson, type ResultJson } from './result-json.js';

/** Queries, and what is done with their text alone. */
@Controller('api/v1')
export class QueryController {
  constructor(
    private readonly queries: QueryService,
    private readonly config: OpsroomConfig,
    private readonly clock: Clock,
  ) {}

  @GetOrPost('query')
  async query(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const parameters = new Parameters(request);
    const limit = parameters.limit();
    const timeMs = parameters.time('time', this.clock.nowMs());
    const answer = await this.queries.run(requestOf(parameters, reply), { timeMs });
    const result = await this.queries.print(instantJson(answer.result, timeMs, limit));
    return print(result, answer, parameters.get('stats'));
  }

  @GetOrPost('query_range')
  async range(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const parameters = new Parameters(request);
    const limit = parameters.limit();
    const startMs = parameters.time('start');
    const endMs = parameters.time('end');
    if (endMs < startMs) throw invalidParameter('end', 'end timestamp must not be before start time');
    const stepMs = parameters.duration('step');
    if (stepMs <= 0) {
      throw invalidParameter(
        'step',
        'zero or negative query resolution step widths are not accepted. Try a positive integer',
      );
    }
    if (Math.floor((endMs - startMs) / stepMs) > MAX_STEPS) {
      throw new PrometheusError(
        'bad_data',
        'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
      );
    }
    const answer = await this.queries.run(requestOf(parameters, reply), { startMs, endMs, stepMs });
    const result = await this.queries.print(rangeJson(answer.result, limit));
    return print(result, answer, parameters.get('stats'));
  }

  @GetOrPost('format_query')
  format(@Req() request: FastifyRequest): string {
    const text = new Parameters(request).get('query');
    return success(this.parsed(text, prettyExpr));
  }

  @GetOrPost('parse_query')
  parse(@Req() request: FastifyRequest): string {
    const text = new Parameters(request).get('query');
    return success(this.parsed(text, exprToJson));
  }

  private parsed<T>(text: string, use: (expr: ReturnType<typeof parseExpr>) => T): T {
    try {
      return use(parseExpr(text, { experimental: this.config.query.experimentalFunctions }));
    } catch (error) {
      throw queryError(error, text);
    }
  }
}

function requestOf(parameters: Parameters, reply: FastifyReply): QueryRequest {
  const lookbackMs = parameters.optionalDuration('lookback_delta');
  if (lookbackMs !== undefined && lookbackMs < 0) {
    throw invalidParameter('lookback_delta', 'negative lookback delta is not accepted');
  }
  return {
    text: parameters.get('query'),
    // As in Prometheus, 0 asks for the default.
    lookbackMs: lookbackMs === 0 ? undefined : lookbackMs,
    timeoutMs: parameters.optionalDuration('timeout'),
    signal: clientSignal(reply),
  };
}

function print(result: ResultJson, answer: QueryAnswer, stats: string): string {
  const { warnings, infos } = answer.result.annotations;
  const statistics = stats === '' ? '' : `,"stats":${JSON.stringify(statisticsOf(answer))}`;
  return successOf(`{"resultType":"${result.type}","result":${result.json}${statistics}}`, {
    warnings: result.truncated ? [...warnings, TRUNCATED] : warnings,
    infos,
  });
}

/** In seconds, under Prometheus's names. */
function statisticsOf({ result, timings }: QueryAnswer): object {
  const { queueMs, prepareMs, evaluateMs } = timings;
  return {
    timings: {
      evalTotalTime: evaluateMs / 1000,
      resultSortTime: 0,
      queryPreparationTime: prepareMs / 1000,
      innerEvalTime: evaluateMs / 1000,
      execQueueTime: queueMs / 1000,
      execTotalTime: (queueMs + prepareMs + evaluateMs) / 1000,
    },
    samples: { totalQueryableSamples: result.samples.total, peakSamples: result.samples.peak },
  };
}
