import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { ErrorCode, RequestError } from '@opsroom/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountError } from '../../accounts/account-error.js';
import { Refusal } from '../../model/refusal.js';
import { PrometheusError, prometheusErrorBody } from './prometheus/prometheus-error.js';

const STATUS: Readonly<Record<ErrorCode, number>> = {
  bad_request: 400,
  bad_expression: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_expensive: 422,
  too_many_topics: 429,
  too_many_requests: 429,
  internal: 500,
  unavailable: 503,
};

interface Answer {
  readonly status: number;
  readonly error: RequestError;
}

/**
 * Every error that leaves by HTTP: `{error: {code, message}}`, on Prometheus's paths its own shape, on Alertmanager's a bare
 * text. What nobody foresaw is logged in full and told in a word.
 */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(exception: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw exception;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent || reply.raw.destroyed) return;
    const path = request.url;
    if (exception instanceof PrometheusError) {
      void reply.status(exception.status).type('application/json').send(prometheusErrorBody(exception));
      return;
    }
    const answer = answerFor(exception);
    if (answer.status >= 500) this.logger.error(`${request.method} ${path}`, stackOf(exception));
    if (answer.error.retryAfterMs !== undefined) {
      reply.header('retry-after', String(Math.ceil(answer.error.retryAfterMs / 1000)));
    }
    void reply.status(answer.status).type('application/json').send(bodyFor(path, answer));
  }
}

function answerFor(exception: unknown): Answer {
  if (exception instanceof Refusal) return { status: STATUS[exception.error.code], error: exception.error };
  if (exception instanceof AccountError) {
    const { code, message, retryAfterMs } = exception;
    return { status: STATUS[code], error: { code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) } };
  }
  const status = exception instanceof HttpException ? exception.getStatus() : fastifyStatus(exception);
  if (status !== undefined && status < 500) {
    const message = exception instanceof Error ? exception.message : String(exception);
    return { status, error: { code: codeOf(status), message } };
  }
  return {
    status: status ?? 500,
    error: { code: codeOf(status ?? 500), message: 'the server failed; its log says why' },
  };
}

/** Fastify's own refusals (a body too large, not JSON) are errors with a status. */
function fastifyStatus(exception: unknown): number | undefined {
  if (typeof exception !== 'object' || exception === null || !('statusCode' in exception)) return undefined;
  return typeof exception.statusCode === 'number' ? exception.statusCode : undefined;
}

function codeOf(status: number): ErrorCode {
  switch (status) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
      return 'not_found';
    case 409:
      return 'conflict';
    case 429:
      return 'too_many_requests';
    case 503:
      return 'unavailable';
    default:
      return status >= 500 ? 'internal' : 'bad_request';
  }
}

function bodyFor(path: string, { status, error }: Answer): string {
  if (path.startsWith('/api/v1/')) {
    const type = status === 404 ? 'not_found' : status >= 500 ? 'internal' : 'bad_data';
    return prometheusErrorBody(new PrometheusError(type, error.message));
  }
  if (path.startsWith('/api/v2/')) return JSON.stringify(error.message);
  return JSON.stringify({ error });
}

const stackOf = (exception: unknown): string =>
  exception instanceof Error ? (exception.stack ?? exception.message) : String(exception);
