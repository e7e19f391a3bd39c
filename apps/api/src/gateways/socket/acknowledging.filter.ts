import { type ArgumentsHost, Catch, type WsExceptionFilter } from '@nestjs/common';
import { acknowledgementOf } from './acknowledgement.js';
import { errorOf } from './answer.js';

/**
 * The second net under `answer`: whatever escapes a gateway (a guard, a pipe, a handler without `@on`) still answers the
 * request's ack. The framework's own filter would leave it unanswered and emit an event that no contract knows.
 */
@Catch()
export class AcknowledgingFilter implements WsExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = errorOf(thrown, host.switchToWs().getPattern());
    acknowledgementOf(host.getArgs())?.({ ok: false, error });
  }
}
