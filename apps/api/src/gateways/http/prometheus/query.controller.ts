import { Controller, Req, Res } from '@nestjs/common';
import { exprToJson, parseExpr, prettyExpr } from '@opsroom/promql';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OpsroomConfig } from '../../../config/config.js';
import { Clock } from '../../../model/clock.js';
import { GetOrPost, remarksJson, success, TRUNCATED } from './answer.js';
import { clientSignal } from './client-signal.js';
import { JsonText } from './json-text.js';
import { Parameters } from './parameters.js';
import { invalidParameter, PrometheusError } from './prometheus-error.js';
import { queryError } from './query-errors.js';
import { MAX_STEPS, type QueryAnswer, type QueryRequest, QueryService } from './query.service.js';
import { pointsOf, printInstant, printRange, type SlicedPrint } from './result-json.js';

/** Queries, and what is done with their text alone. */
@Controller('api/v1')
export class QueryController {
  constructor(
    private readonly queries: QueryService,
    private readonly config: OpsroomConfig,
    private readonly clock: Clock,
  ) {}

  @GetOrPost('query')
  async query(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const parameters = new Parameters(request);
    const limit = parameters.limit();
    const timeMs = parameters.time('time', this.clock.nowMs());
    const answer = await this.queries.run(requestOf(parameters, reply), { timeMs });
    return this.print(answer, parameters.get('stats'), (text) => printInstant(text, answer.result, timeMs, limit));
  }

  @GetOrPost('query_range')
  async range(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
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
    return this.print(answer, parameters.get('stats'), (text) => printRange(text, answer.result, limit));
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

  private async print(answer: QueryAnswer, stats: string, result: (text: JsonText) => SlicedPrint): Promise<Buffer> {
    const text = new JsonText(pointsOf(answer.result));
    text.raw('{"status":"success","data":{');
    const truncated = await this.queries.print(result(text));
    if (stats !== '') text.raw(`,"stats":${JSON.stringify(statisticsOf(answer))}`);
    const { warnings, infos } = answer.result.annotations;
    text.raw(`}${remarksJson({ warnings: truncated ? [...warnings, TRUNCATED] : warnings, infos })}}`);
    return text.finish();
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
